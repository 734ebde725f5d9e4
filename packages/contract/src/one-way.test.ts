import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type CastDefinition,
  cast,
  type EventDefinition,
  event,
  InvalidContract,
  type WhenUnreachable,
} from "./index.js";

/** What `cast` and `event` have in common. */
type Define = (options?: {
  readonly input?: z.ZodType;
  readonly whenUnreachable?: WhenUnreachable;
  readonly handlerTimeout?: number;
}) => CastDefinition | EventDefinition;

describe.each<[string, Define]>([
  ["cast", cast],
  ["event", event],
])("a %s", (kind, define) => {
  test("holds its input's schema and is frozen", () => {
    const input = z.string();
    expect(define({ input, whenUnreachable: "drop" })).toEqual({ kind, input, whenUnreachable: "drop" });
    expect(define()).toEqual({ kind, input: undefined, whenUnreachable: "fail" });
    expect(Object.isFrozen(define())).toBe(true);
  });

  test("may say how long its handler may take, in whole ms", () => {
    expect(define({ handlerTimeout: 60_000 }).handlerTimeout).toBe(60_000);
    expect(() => define({ handlerTimeout: 0 })).toThrow(/handlerTimeout must be a whole number of milliseconds/);
  });

  test("that is invalid throws one InvalidContract that lists every problem", () => {
    const make = () => define({ input: String, output: z.string() } as never);
    expect(make).toThrow(InvalidContract);
    expect(make).toThrow(`This ${kind} cannot be used`);
    expect(make).toThrow(
      /input \(the input\) must be a Standard Schema.*\n.*"output" is not an option: the options are input/,
    );
  });

  test("whose options are null throws an InvalidContract, not a TypeError", () => {
    expect(() => define(null as never)).toThrow(InvalidContract);
  });

  test("may wait for the connection, up to bufferFor ms", () => {
    const whenUnreachable = { bufferFor: 30_000 };
    expect(define({ whenUnreachable })).toMatchObject({ whenUnreachable });
  });

  test.each(["wait", null, true, {}, [], { bufferFor: 0 }, { bufferFor: "30s" }, { bufferFor: 2 ** 31 }])(
    "refuses whenUnreachable: %j",
    (whenUnreachable) => {
      expect(() => define({ whenUnreachable } as never)).toThrow(
        /whenUnreachable (must be|has a bufferFor that must be)/,
      );
    },
  );

  test("keeps its whenUnreachable when the given object changes", () => {
    const whenUnreachable = { bufferFor: 30_000 };
    const definition = define({ whenUnreachable });
    whenUnreachable.bufferFor = 1;
    expect(definition).toMatchObject({ whenUnreachable: { bufferFor: 30_000 } });
  });
});
