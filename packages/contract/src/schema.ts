import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe } from "./options.js";

/**
 * Any schema that follows Standard Schema v1 and validates synchronously: Zod, Valibot, ArkType and others.
 *
 * It has an input type (`z.input`) and an output type (`z.output`).
 */
export interface Schema<Input = unknown, Output = Input> extends StandardSchemaV1<Input, Output> {}

/**
 * A schema without its library: a definition keeps only its two types. The rest of a library's types is large, and the
 * compiler would compare it again wherever the contract is used (see decision 0030).
 */
export type Plain<S> = S extends Schema
  ? Schema<StandardSchemaV1.InferInput<S>, StandardSchemaV1.InferOutput<S>>
  : undefined;

/** The input type of a schema; `undefined` without a schema. */
export type SchemaInput<S extends Schema | undefined> = S extends Schema ? StandardSchemaV1.InferInput<S> : undefined;

/** The output type of a schema; `undefined` without a schema. */
export type SchemaOutput<S extends Schema | undefined> = S extends Schema ? StandardSchemaV1.InferOutput<S> : undefined;

/**
 * Requires a schema to accept its own output, because both sides parse: the callee parses its reply and sends the
 * result, and the caller parses that again. A schema that turns a string into a number could not read its own result.
 * (The types cannot see a string that becomes *another* string; both sides apply such a transform.)
 */
export type Reparsable<S> = S extends Schema
  ? [StandardSchemaV1.InferOutput<S>] extends [StandardSchemaV1.InferInput<S>]
    ? unknown
    : { readonly "this schema must accept its own output, because both sides parse": never }
  : unknown;

/** The problem with a value that should be a schema, if there is one. */
export function schemaProblem(what: string, value: unknown): string | undefined {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const standard = isObject ? (value as { "~standard"?: { validate?: unknown } })["~standard"] : undefined;
  if (typeof standard?.validate === "function") return undefined;
  return `${what} must be a Standard Schema, such as z.object({ … }) of Zod 4, not ${describe(value)}`;
}
