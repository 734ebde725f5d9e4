import { expect, test } from "vitest";
import { z } from "zod";
import { cast, InvalidContract } from "./index.js";

test("a cast holds its input's schema and is frozen", () => {
  const input = z.string();
  expect(cast({ input, whenUnreachable: "drop" })).toEqual({ kind: "cast", input, whenUnreachable: "drop" });
  expect(cast()).toEqual({ kind: "cast", input: undefined, whenUnreachable: "fail" });
  expect(Object.isFrozen(cast())).toBe(true);
});

test("a cast that cannot be used is one InvalidContract that lists every problem", () => {
  const make = () => cast({ input: String, output: z.string() } as never);
  expect(make).toThrow(InvalidContract);
  expect(make).toThrow(/input \(the input\) must be a Standard Schema.*\n.*"output" is not an option: known are input/);
});

test("a cast whose options are null is an InvalidContract and no TypeError", () => {
  expect(() => cast(null as never)).toThrow(InvalidContract);
});

test("a cast may wait for the connection, for so many ms", () => {
  const whenUnreachable = { bufferFor: 30_000 };
  expect(cast({ whenUnreachable })).toMatchObject({ whenUnreachable });
});

test.each(["wait", null, true, {}, [], { bufferFor: 0 }, { bufferFor: "30s" }, { bufferFor: 2 ** 31 }])(
  "a cast says wrongly what becomes of it without a connection: %j",
  (whenUnreachable) => {
    expect(() => cast({ whenUnreachable } as never)).toThrow(/whenUnreachable (must be|has a bufferFor that must be)/);
  },
);

test("what becomes of a cast without a connection can change no more once it is defined", () => {
  const whenUnreachable = { bufferFor: 30_000 };
  const definition = cast({ whenUnreachable });
  whenUnreachable.bufferFor = 1;
  expect(definition).toMatchObject({ whenUnreachable: { bufferFor: 30_000 } });
});
