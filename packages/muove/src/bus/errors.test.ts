// Every error that Muove throws, in one table: callers can rely on the same things for all of them.

import { describe, expect, test, vi } from "vitest";
import { Malformed } from "../codec/index.js";
import * as muove from "../index.js";
import * as ending from "../outcome/endings.js";

const missing = ending.absent("m.x");

type Entry = readonly [name: string, code: string, make: (from: typeof muove) => muove.MuoveError];
const table: readonly Entry[] = [
  ["InvalidContract", "MUOVE_INVALID_CONTRACT", (from) => new from.InvalidContract("The mailbox", ["a problem"])],
  ["InvalidOptions", "MUOVE_INVALID_OPTIONS", (from) => new from.InvalidOptions("The options", ["a problem"])],
  ["InvalidInput", "MUOVE_INVALID_INPUT", (from) => new from.InvalidInput("m.x", [{ message: "wrong", path: ["a"] }])],
  ["InvalidMetadata", "MUOVE_INVALID_METADATA", (from) => new from.InvalidMetadata("m.x", [])],
  ["TooLarge", "MUOVE_TOO_LARGE", (from) => new from.TooLarge("m.x", 2, 1)],
  ["CallError", "MUOVE_CALL_UNAVAILABLE", (from) => new from.CallError(missing)],
  ["CallError", "MUOVE_CALL_FAULTY", (from) => new from.CallError(ending.unknownMessage("m.x"))],
  ["CallError", "MUOVE_CALL_FAILED", (from) => new from.CallError(ending.failed("m.x", { code: "GONE" }))],
  ["Unencodable", "MUOVE_UNENCODABLE", (from) => new from.Unencodable("a function", ["a", 0])],
  ["FallbackError", "MUOVE_FALLBACK", (from) => new from.FallbackError("too late")],
  ["MailError", "MUOVE_MAIL", (from) => new from.MailError("not-found", "it is not there")],
];

describe.each(table)("%s (%s)", (name, code, make) => {
  const error = make(muove);

  test("has its class's name and a stable code", () => {
    expect(error.name).toBe(name);
    expect(error.constructor.name).toBe(name);
    expect(error.code).toBe(code);
    expect(String(error)).toMatch(new RegExp(`^${name}: .`));
  });

  test("is an Error and a MuoveError, and isMuoveError recognises it", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(muove.MuoveError);
    expect(muove.isMuoveError(error)).toBe(true);
  });

  test("has a stack that starts where it was made", () => {
    expect(error.stack).toContain("errors.test.ts");
  });
});

test("the table has every exported error class", () => {
  const exported = Object.entries(muove)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof Error)
    .map(([name]) => name);
  expect(exported.sort()).toEqual([...new Set(table.map(([name]) => name)), "MuoveError"].sort());
});

test("no two have the same code", () => {
  const codes = table.map(([, code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test("isMuoveError recognises errors from a second copy of the package", async () => {
  vi.resetModules();
  const copy: typeof muove = await import("../index.js");
  for (const [, , make] of table) {
    const foreign = make(copy);
    expect(foreign).not.toBeInstanceOf(muove.MuoveError);
    expect(muove.isMuoveError(foreign)).toBe(true);
  }
});

test("a cause is kept", () => {
  const cause = new Error("cause");
  expect(new muove.FallbackError("too late", { cause }).cause).toBe(cause);
});

test("malformed bytes are not a programmer error, so Malformed is not a MuoveError", () => {
  expect(muove.isMuoveError(new Malformed("x"))).toBe(false);
});
