import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Schema } from "./schema.js";

/**
 * A schema's input or output as JSON Schema text (draft 2020-12). `undefined` if the library does not support Standard
 * JSON Schema, or if JSON Schema cannot express the type, such as Zod's `undefined` or a date.
 */
export function jsonSchemaText(schema: Schema, side: "input" | "output"): string | undefined {
  const { jsonSchema } = schema["~standard"] as Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) return undefined;
  try {
    return JSON.stringify(jsonSchema[side]({ target: "draft-2020-12" }));
  } catch {
    return undefined; // Standard JSON Schema throws for types that it cannot express.
  }
}
