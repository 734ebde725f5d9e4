import { describe, expect, test } from "vitest";
import { z } from "zod";
import { call, cast, event, InvalidContract } from "./index.js";

describe("a call", () => {
  test("without options carries nothing, waits 1,000 ms and is not idempotent", () => {
    expect(call()).toEqual({
      kind: "call",
      input: undefined,
      output: undefined,
      errors: {},
      timeout: 1_000,
      idempotent: false,
    });
  });

  test("holds what it was given", () => {
    const input = z.string();
    const output = z.number();
    const SOLD_OUT = z.object({ until: z.string() });
    const definition = call({ input, output, errors: { SOLD_OUT }, timeout: 250, idempotent: true });
    expect(definition).toEqual({ kind: "call", input, output, errors: { SOLD_OUT }, timeout: 250, idempotent: true });
  });

  test("is frozen, its errors too", () => {
    const definition = call({ errors: { SOLD_OUT: z.undefined() } });
    expect(Object.isFrozen(definition)).toBe(true);
    expect(Object.isFrozen(definition.errors)).toBe(true);
  });

  test("does not modify the caller's objects", () => {
    const errors = { SOLD_OUT: z.undefined() };
    const options = { errors };
    call(options);
    expect(Object.isFrozen(options)).toBe(false);
    expect(Object.isFrozen(errors)).toBe(false);
  });

  test("treats an option that is undefined as omitted", () => {
    expect(call({ input: undefined, timeout: undefined } as never)).toEqual(call());
  });

  test("accepts schemas that are functions, as ArkType's are", () => {
    const schema = Object.assign(() => {}, { "~standard": { version: 1, vendor: "test", validate: () => ({}) } });
    expect(() => call({ input: schema as never })).not.toThrow();
  });
});

test("a call may say how long its handler may take, in whole ms", () => {
  expect(call({ handlerTimeout: 60_000 }).handlerTimeout).toBe(60_000);
  expect(call().handlerTimeout).toBeUndefined();
  for (const handlerTimeout of [0, -1, 0.5, Number.POSITIVE_INFINITY, "1s", 2 ** 31, null]) {
    expect(() => call({ handlerTimeout } as never)).toThrow(/handlerTimeout must be a whole number of milliseconds/);
  }
});

describe("an invalid call", () => {
  test("is one InvalidContract that lists every problem", () => {
    const wrong = {
      input: { parse: () => 1 },
      output: "string",
      errors: { soldOut: z.string(), GONE: 7 },
      timeout: 0.5,
      idempotent: "yes",
      retries: 3,
    };
    const error = thrownBy(() => call(wrong as never));
    expect(error).toBeInstanceOf(InvalidContract);
    expect(error.problems).toEqual([
      expect.stringContaining("input (the input) must be a Standard Schema"),
      expect.stringContaining("output (the output) must be a Standard Schema"),
      expect.stringMatching(
        /errors the error code "soldOut" must be .*; \(the data of GONE\) must be a Standard Schema/,
      ),
      expect.stringContaining("timeout must be a whole number of milliseconds"),
      'idempotent must be true or false, not "yes"',
      expect.stringContaining(
        '"retries" is not an option: the options are input, output, errors, timeout, handlerTimeout, idempotent',
      ),
    ]);
    for (const problem of error.problems) expect(error.message).toContain(problem);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "100", null, 10n])(
    "has a timeout of %s",
    (timeout) => {
      expect(thrownBy(() => call({ timeout } as never)).problems).toEqual([expect.stringMatching(/^timeout must be/)]);
    },
  );

  test.each(["", "sold_out", "SoldOut", "1ST", "_X", "SOLD-OUT", "A".repeat(65), "__proto__"])(
    "declares an error with the code %j",
    (code) => {
      const errors = Object.fromEntries([[code, z.string()]]);
      expect(thrownBy(() => call({ errors })).message).toContain("the error code");
    },
  );

  test.each([null, 7, "timeout", [], Symbol("x")])("has options that are %s", (options) => {
    expect(thrownBy(() => call(options as never)).problems).toEqual([
      expect.stringContaining("the options must be an object"),
    ]);
  });

  test.each([null, 7, "SOLD_OUT"])("has errors that are %s", (errors) => {
    expect(thrownBy(() => call({ errors } as never)).problems).toEqual([
      expect.stringContaining("errors must be an object of schemas by error code"),
    ]);
  });

  test("does not mistake names on Object.prototype for known options", () => {
    expect(thrownBy(() => call({ toString: () => "x" } as never)).problems).toEqual([
      expect.stringContaining('"toString" is not an option'),
    ]);
  });
});

function thrownBy(make: () => unknown): InvalidContract {
  try {
    make();
  } catch (error) {
    return error as InvalidContract;
  }
  throw new Error("nothing was thrown");
}

describe("a type that no message can carry", () => {
  test.each([
    ["a symbol", z.symbol()],
    ["a function", z.function()],
    ["a promise", z.promise(z.string())],
    ["a file", z.file()],
    ["an instance of URL", z.instanceof(URL)],
  ])("%s is refused, wherever it is in the schema, with its place", (what, schema) => {
    const nested = z.object({ lines: z.array(z.object({ it: schema.optional() })) });
    for (const make of [
      () => call({ input: nested }),
      () => call({ output: nested }),
      () => call({ errors: { GONE: nested } }),
      () => cast({ input: nested }),
      () => event({ input: nested }),
    ]) {
      expect(make).toThrow(InvalidContract);
      expect(make).toThrow(`cannot be sent, because it has ${what} (lines[].it)`);
    }
    expect(() => call({ input: schema as never })).toThrow(`cannot be sent, because it has ${what}`);
  });

  test("is found in everything that can hold it", () => {
    const it = z.symbol();
    let later: z.ZodType | undefined;
    const recursive = z.object({
      get again() {
        return recursive.optional();
      },
      it,
    });
    const unknown = z.object({
      get later() {
        return (later as z.ZodType).optional();
      },
    });
    const all = [
      ...[it.optional(), it.nullable(), it.default(Symbol()), it.readonly(), it.catch(Symbol()), recursive],
      ...[z.tuple([z.string(), it]), z.tuple([z.string()], it), z.union([z.string(), it]), z.record(z.string(), it)],
      ...[z.map(z.string(), it), z.map(it, z.string()), z.set(it), z.intersection(z.object({}), z.object({ it }))],
      ...[z.object({}).catchall(it), it.pipe(z.transform(String))],
    ];
    for (const schema of all) expect(() => call({ input: schema })).toThrow("a symbol");
    expect(() => call({ input: unknown })).not.toThrow();
    later = z.string();
  });

  test("is no problem where it is not on the wire: behind an input's transform", () => {
    expect(() => call({ input: z.string().transform((text) => Symbol(text)) })).not.toThrow();
    expect(() => call({ input: z.string().pipe(z.transform((text) => new URL(text))) })).not.toThrow();
  });

  test("is none of these: bigints, dates, bytes, Maps, Sets, NaN, undefined, and what nobody knows", () => {
    const all = [
      ...[z.bigint(), z.date(), z.instanceof(Uint8Array), z.map(z.string(), z.date()), z.set(z.bigint()), z.nan()],
      ...[z.undefined(), z.void(), z.any(), z.custom(() => true), z.literal([1n, undefined]), z.never()],
    ];
    for (const schema of all) expect(() => call({ input: schema, output: schema as never })).not.toThrow();
  });
});
