import { expect, test } from "vitest";
import { z } from "zod";
import { jsonSchemaOf, jsonSchemaText } from "./json-schema.js";
import { typesIn } from "./zod-types.js";

const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

test("a schema converts to JSON Schema, for its input and for its output", () => {
  const schema = z.object({ sku: z.string(), size: z.string().default("m") });
  expect(parsed(jsonSchemaText(schema, "input"))).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: { sku: { type: "string" }, size: { type: "string" } },
    required: ["sku"],
  });
  expect(parsed(jsonSchemaText(schema, "output"))).toMatchObject({ required: ["sku", "size"] });
});

test("a type that JSON Schema cannot express is named by a keyword of Muove's", () => {
  const schema = z.object({
    on: z.date(),
    id: z.bigint().optional(),
    tags: z.set(z.string()),
    stock: z.map(z.string(), z.int()),
    photo: z.instanceof(Uint8Array),
  });
  expect(parsed(jsonSchemaText(schema, "output"))).toMatchObject({
    properties: {
      on: { "x-muove": "instant" },
      id: { "x-muove": "bigint" },
      tags: { "x-muove": "set" },
      stock: { "x-muove": "map" },
      photo: { "x-muove": "bytes" },
    },
    required: ["on", "tags", "stock", "photo"],
  });
});

test("nothing is void", () => {
  expect(jsonSchemaText(z.undefined(), "output")).toBe("void");
  expect(jsonSchemaText(z.void(), "input")).toBe("void");
  expect(parsed(jsonSchemaText(z.object({ a: z.undefined() }), "input"))).toMatchObject({
    properties: { a: { "x-muove": "void" } },
  });
});

test("what JSON cannot carry is told with its place, on the side that is on the wire", () => {
  const schema = z.object({ lines: z.array(z.object({ on: z.date().nullable() })), id: z.bigint() });
  expect(typesIn(schema, "output").beyondJson).toEqual(["a date (lines[].on)", "a bigint (id)"]);
  expect(typesIn(z.coerce.date(), "input").beyondJson).toEqual([]);
  expect(typesIn(z.coerce.date(), "output").beyondJson).toEqual(["a date"]);
  expect(typesIn(z.json(), "output").beyondJson).toEqual([]);
});

test("a recursive schema that is not complete yet is asked again", () => {
  let later: z.ZodType | undefined;
  const schema = z.object({ next: z.lazy(() => later as z.ZodType) });
  expect(jsonSchemaOf(schema, "input")).toBeUndefined();
  later = z.string();
  expect(jsonSchemaOf(schema, "input")).toMatchObject({ properties: { next: { type: "string" } } });
});

test("a library without Standard JSON Schema gives undefined", () => {
  const schema = { "~standard": { version: 1, vendor: "plain", validate: (value: unknown) => ({ value }) } } as const;
  expect(jsonSchemaText(schema, "input")).toBeUndefined();
});
