import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Schema } from "./schema.js";

/**
 * A schema as the text of a JSON Schema (draft 2020-12), of what it takes or of what it gives. Nothing where its library does
 * not offer Standard JSON Schema, or where JSON Schema cannot say it: `undefined` in Zod, say, or a date.
 */
export function jsonSchemaText(schema: Schema, side: "input" | "output"): string | undefined {
  const { jsonSchema } = schema["~standard"] as Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) return undefined;
  try {
    return JSON.stringify(jsonSchema[side]({ target: "draft-2020-12" }));
  } catch {
    return undefined; // Standard JSON Schema's way to say that it cannot.
  }
}
