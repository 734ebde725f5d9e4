import { expect, test } from "vitest";
import { z } from "zod";
import { cast, InvalidContract } from "./index.js";

test("a cast holds its input's schema and is frozen", () => {
  const input = z.string();
  expect(cast({ input })).toEqual({ kind: "cast", input });
  expect(cast()).toEqual({ kind: "cast", input: undefined });
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
