import { expect, test } from "vitest";
import { z } from "zod";
import type { Schema } from "./schema.js";
import { asGiven, type Shape, shapeOf } from "./shape.js";

/** What is left of a value, as the SDK's codec goes through it. */
function pruned(schema: Schema, value: unknown): unknown {
  return left(value, shapeOf(schema, "input"));
}

function left(value: unknown, shape: Shape): unknown {
  if (Array.isArray(value)) return value.map((element) => left(element, shape.items));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const inner = shape.fields.get(key) ?? shape.others;
    return inner === undefined ? [] : [[key, left(field, inner)]];
  });
  return Object.fromEntries(fields);
}

/** A schema of a library that offers nothing but its JSON Schema. */
function of(jsonSchema: object): Schema {
  const described = { input: () => jsonSchema, output: () => jsonSchema };
  return {
    "~standard": { version: 1, vendor: "other", validate: (value: unknown) => ({ value }), jsonSchema: described },
  } as Schema;
}

const person = z.object({ name: z.string() });
const secret = { name: "a", password: "x" };

test.each<[string, Schema, unknown, unknown]>([
  ["an object", person, secret, { name: "a" }],
  ["an object in an object", z.object({ by: person }), { by: secret, more: 1 }, { by: { name: "a" } }],
  ["the elements of an array", z.array(person), [secret], [{ name: "a" }]],
  ["the elements of a tuple", z.tuple([z.string(), person]), ["a", secret], ["a", { name: "a" }]],
  ["the values of a record", z.record(z.string(), person), { one: secret }, { one: { name: "a" } }],
  ["what may be left out", z.object({ by: person.optional() }), { by: secret }, { by: { name: "a" } }],
  ["what may be null", person.nullable(), secret, { name: "a" }],
  ["what has a default", z.object({ by: person.default({ name: "b" }) }), { by: secret }, { by: { name: "a" } }],
  ["what is transformed", person.transform(({ name }) => name), secret, { name: "a" }],
  ["what is refined", person.refine(({ name }) => name !== ""), secret, { name: "a" }],
  ["what is read-only", person.readonly(), secret, { name: "a" }],
  ["an object without keys", z.object({}), secret, {}],
])("keys that the schema does not know are left out of %s", (_what, schema, value, expected) => {
  expect(pruned(schema, value)).toEqual(expected);
});

test.each<[string, Schema, unknown]>([
  ["a strict object, whose schema refuses them", z.strictObject({ name: z.string() }), secret],
  ["a loose object", z.looseObject({ name: z.string() }), secret],
  ["an object with a catchall", person.catchall(z.string()), secret],
  ["a record", z.record(z.string(), z.string()), secret],
  ["anything", z.any(), secret],
  ["anything unknown", z.unknown(), secret],
  ["JSON", z.json(), secret],
  ["a custom type", z.custom(() => true), secret],
  ["what is preprocessed, of which the schema tells only what comes out", z.preprocess((v) => v, person), secret],
  ["loose objects in a record", z.record(z.string(), z.looseObject({})), { by: secret }],
  ["a Map", z.map(z.string(), person), new Map([["a", secret]])],
])("all keys are kept of %s", (_what, schema, value) => {
  expect(shapeOf(schema, "input")).toBe(asGiven);
  expect(left(value, shapeOf(schema, "input"))).toEqual(value instanceof Map ? {} : value);
});

test("SHAPE-2 what may be one of several things keeps the keys that any of them knows", () => {
  const either = z.union([z.object({ a: z.string(), by: person }), z.object({ b: z.string() }), z.string()]);
  const value = { a: "1", b: "2", c: "3", by: secret };
  expect(pruned(either, value)).toEqual({ a: "1", b: "2", by: { name: "a" } });
  const tagged = z.discriminatedUnion("is", [
    z.object({ is: z.literal("a"), a: z.string() }),
    z.object({ is: z.literal("b"), b: z.string() }),
  ]);
  expect(pruned(tagged, { is: "a", a: "1", c: "3" })).toEqual({ is: "a", a: "1" });
  expect(pruned(z.union([person, z.looseObject({ b: z.string() })]), secret)).toEqual(secret);
  expect(pruned(z.union([person, z.strictObject({ b: z.string() })]), secret)).toEqual(secret);
});

test("SHAPE-2 what must be several things keeps the keys that any of them knows", () => {
  const both = z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() }));
  expect(pruned(both, { a: "1", b: "2", c: "3" })).toEqual({ a: "1", b: "2" });
  expect(pruned(z.intersection(person, z.record(z.string(), z.string())), secret)).toEqual(secret);
});

test("SHAPE-1 a recursive schema is pruned at every level", () => {
  const category = z.object({
    name: z.string(),
    get parts(): z.ZodArray<typeof category> {
      return z.array(category);
    },
    get parent() {
      return z.union([category, person]).optional();
    },
  });
  const value = {
    ...secret,
    parts: [{ ...secret, parts: [] }],
    parent: { ...secret, parts: [{ ...secret, parts: [] }] },
  };
  expect(pruned(category, value)).toEqual({
    name: "a",
    parts: [{ name: "a", parts: [] }],
    parent: { name: "a", parts: [{ name: "a", parts: [] }] },
  });
});

const known = { type: "object", properties: { name: { type: "string" } } };

test.each<[string, object, unknown]>([
  ["references", { $ref: "#/$defs/a~1b", $defs: { "a/b": known } }, { name: "a" }],
  ["allOf", { allOf: [known, { type: "object", properties: { age: {} } }] }, { name: "a" }],
  ["allOf beside keys of its own", { ...known, allOf: [{ properties: { password: {} } }] }, secret],
  ["oneOf", { oneOf: [known, { type: "null" }] }, { name: "a" }],
  ["patterns", { ...known, patternProperties: { "^p": {} } }, secret],
  ["conditions", { ...known, if: {}, else: {} }, secret],
  ["unevaluated keys", { ...known, unevaluatedProperties: {} }, secret],
  ["a reference that leads nowhere", { $ref: "#/$defs/none" }, secret],
  ["a reference to another document", { $ref: "https://example.com/a.json" }, secret],
  ["a type alone", { type: "object" }, secret],
  ["several types", { ...known, type: ["object", "null"] }, { name: "a" }],
  ["a constant", { const: { name: "a" } }, secret],
  ["nonsense", { properties: 5, allOf: "x" }, secret],
])("JSON Schema of any library is followed: %s", (_what, schema, expected) => {
  expect(pruned(of(schema), secret)).toEqual(expected);
});

test("a schema that refers to itself and nothing else is as given", () => {
  expect(shapeOf(of({ $ref: "#" }), "input")).toBe(asGiven);
  expect(shapeOf(of({ anyOf: [{ $ref: "#" }] }), "input")).toBe(asGiven);
});

test("a library that offers no JSON Schema leaves all as given", () => {
  const plain = { "~standard": { version: 1, vendor: "other", validate: (value: unknown) => ({ value }) } } as const;
  expect(shapeOf(plain, "input")).toBe(asGiven);
});

test("only what leaves something out is compared: all else is as given", () => {
  const shape = shapeOf(z.object({ by: z.strictObject({ deep: z.looseObject({}) }), name: z.string() }), "input");
  expect(shape.fields.get("by")).toBe(asGiven);
  expect(shape.fields.get("name")).toBe(asGiven);
  expect(shapeOf(z.object({ a: person }), "output")).toBe(asGiven); // Zod strips what it parsed by itself.
});
