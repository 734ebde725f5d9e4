import { expect, test } from "vitest";
import { z } from "zod";
import { jsonSchemaText } from "./json-schema.js";

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

test("a type that JSON Schema cannot express gives undefined", () => {
  expect(jsonSchemaText(z.undefined(), "output")).toBeUndefined();
  expect(jsonSchemaText(z.object({ on: z.date() }), "output")).toBeUndefined();
});

test("a library without Standard JSON Schema gives undefined", () => {
  const schema = { "~standard": { version: 1, vendor: "plain", validate: (value: unknown) => ({ value }) } } as const;
  expect(jsonSchemaText(schema, "input")).toBeUndefined();
});
