import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Schema } from "./schema.js";
import { nothingSent, type Side, typeKeyword, zodOptions } from "./zod-types.js";

/** JSON Schema as libraries return it. Nothing in it is taken for granted. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const known = { input: new WeakMap<Schema, JsonSchema>(), output: new WeakMap<Schema, JsonSchema>() };

/**
 * A schema's input or output as JSON Schema, draft 2020-12. `undefined` if the library does not support Standard JSON
 * Schema, or cannot express the type in it. The keyword `x-muove` names what JSON Schema has no word for (D-4).
 */
export function jsonSchemaOf(schema: Schema, side: Side): JsonSchema | undefined {
  const found = known[side].get(schema);
  if (found !== undefined) return found;
  const { jsonSchema, vendor } = schema["~standard"] as Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) return undefined;
  const libraryOptions = vendor === "zod" ? { libraryOptions: zodOptions(side) } : {};
  try {
    const converted = jsonSchema[side]({ target: "draft-2020-12", ...libraryOptions });
    known[side].set(schema, converted);
    return converted;
  } catch {
    return undefined; // Standard JSON Schema throws for types that it cannot express.
  }
}

/** A schema's input or output as JSON Schema text, if the library tells; the word `void` if it is always undefined. */
export function jsonSchemaText(schema: Schema, side: Side): string | undefined {
  const converted = jsonSchemaOf(schema, side);
  return converted?.[typeKeyword] === nothingSent ? nothingSent : converted && JSON.stringify(converted);
}
