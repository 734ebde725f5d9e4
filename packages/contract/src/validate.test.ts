import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidContract } from "./index.js";
import { issuesInWords, validate } from "./validate.js";

const schemaOf = (check: StandardSchemaV1["~standard"]["validate"]): StandardSchemaV1 => ({
  "~standard": { version: 1, vendor: "test", validate: check },
});

describe("validate", () => {
  test("returns the output of the schema", () => {
    expect(validate(z.string().trim(), " a ", "m.x")).toEqual({ value: "a" });
  });

  test("returns issues with their paths, from the outside in", () => {
    const { issues } = validate(z.object({ lines: z.array(z.object({ sku: z.string() })) }), { lines: [{}] }, "m.x");
    expect(issues).toEqual([{ message: expect.any(String), path: ["lines", 0, "sku"] }]);
  });

  test("returns undefined without a schema, whatever the value", () => {
    expect(validate(undefined, { a: 1 }, "m.x")).toEqual({ value: undefined });
  });

  test("flattens path segments that are objects, and symbols, so that issues can be sent", () => {
    const schema = schemaOf(() => ({ issues: [{ message: "no", path: [{ key: "a" }, 1, Symbol("s")] }] }));
    expect(validate(schema, 1, "m.x").issues).toEqual([{ message: "no", path: ["a", 1, "Symbol(s)"] }]);
  });

  test("accepts undefined as a value, and an issue without a path", () => {
    expect(validate(z.undefined(), undefined, "m.x")).toEqual({ value: undefined });
    expect(
      validate(
        schemaOf(() => ({ issues: [{ message: "no" }] })),
        1,
        "m.x",
      ).issues,
    ).toEqual([{ message: "no", path: [] }]);
  });
});

test("issues are bounded in number and length, and plain: their content comes from the sender", () => {
  const { issues = [] } = validate(z.array(z.string()), new Array(100_000).fill(1), "m.x");
  expect(issues).toHaveLength(32);
  const long = "x".repeat(100_000);
  const strict = validate(z.record(z.string(), z.strictObject({})), { [long]: { [long]: 1 } }, "m.x");
  expect(JSON.stringify(strict).length).toBeLessThan(1_000);
  const deep = schemaOf(() => ({ issues: [{ message: long, path: new Array(1_000).fill("a") }] }));
  expect(validate(deep, 1, "m.x").issues).toEqual([{ message: `${"x".repeat(255)}…`, path: new Array(16).fill("a") }]);
  const coloured = validate(z.strictObject({}), { "\x1b[31m\r\nforged": 1 }, "m.x");
  expect(JSON.stringify(coloured)).not.toMatch(/\\u001b|\\r|\\n/);
});

describe("an asynchronous schema", () => {
  test("throws an InvalidContract when it is first used", () => {
    const schema = schemaOf(async (value) => ({ value }));
    expect(() => validate(schema, 1, "pricing.quote")).toThrow(InvalidContract);
    expect(() => validate(schema, 1, "pricing.quote")).toThrow(/pricing\.quote.*\n.*asynchronous/);
  });

  test("that rejects later causes no unhandled rejection", async () => {
    const rejection = Promise.reject<never>(new Error("later"));
    const seen: unknown[] = [];
    const listen = (reason: unknown) => void seen.push(reason);
    process.on("unhandledRejection", listen);
    try {
      expect(() =>
        validate(
          schemaOf(() => rejection),
          1,
          "m.x",
        ),
      ).toThrow(InvalidContract);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", listen);
    }
    expect(seen).toEqual([]);
  });
});

test("issues become one line", () => {
  const issues = [
    { message: "expected number", path: ["lines", 0, "quantity"] },
    { message: "too old", path: [] },
  ];
  expect(issuesInWords(issues)).toBe("lines.0.quantity: expected number; too old");
});

test("the line of issues is bounded", () => {
  expect(issuesInWords(new Array(32).fill({ message: "x".repeat(256), path: [] }))).toHaveLength(1_024);
});
