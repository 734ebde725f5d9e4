import { expect, test } from "vitest";
import { z } from "zod";
import { jsonSchemaText } from "./json-schema.js";

const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

test("a schema is told as JSON Schema, of what it takes and of what it gives", () => {
  const schema = z.object({ sku: z.string(), size: z.string().default("m") });
  expect(parsed(jsonSchemaText(schema, "input"))).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: { sku: { type: "string" }, size: { type: "string" } },
    required: ["sku"],
  });
  expect(parsed(jsonSchemaText(schema, "output"))).toMatchObject({ required: ["sku", "size"] });
});

test("what JSON Schema cannot say is left unsaid", () => {
  expect(jsonSchemaText(z.undefined(), "output")).toBeUndefined();
  expect(jsonSchemaText(z.object({ on: z.date() }), "output")).toBeUndefined();
});

test("a library that does not offer it says nothing", () => {
  const schema = { "~standard": { version: 1, vendor: "plain", validate: (value: unknown) => ({ value }) } } as const;
  expect(jsonSchemaText(schema, "input")).toBeUndefined();
});
