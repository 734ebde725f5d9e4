import { z } from "zod";

// What the contenders that validate check: the service each question, the caller each answer.

export const question = z.object({ id: z.int(), sku: z.string(), quantity: z.int().positive(), note: z.string() });
export const answer = z.object({ id: z.int(), cents: z.int(), note: z.string() });

/** The same as JSON Schema, in the draft that Fastify takes. */
export function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: "draft-7" });
}
