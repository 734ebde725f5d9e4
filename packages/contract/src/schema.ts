import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe } from "./options.js";

/**
 * Any schema that follows Standard Schema v1 and validates synchronously: Zod, Valibot, ArkType and others.
 *
 * It has two types: what it takes (`z.input`) and what it gives (`z.output`).
 */
export type Schema = StandardSchemaV1;

/** What a schema takes; `undefined` where there is no schema. */
export type Takes<S extends Schema | undefined> = S extends Schema ? StandardSchemaV1.InferInput<S> : undefined;

/** What a schema gives; `undefined` where there is no schema. */
export type Gives<S extends Schema | undefined> = S extends Schema ? StandardSchemaV1.InferOutput<S> : undefined;

/**
 * Demands of a schema that it takes what it gives, so that both sides may parse one after the other: the callee parses
 * its answer and sends what came out, the caller parses that again. A schema that turns a text into a number, say, could
 * not read its own result. (That a text is turned into *another* text is invisible to types; both sides then do it.)
 */
export type GivesBack<S> = S extends Schema
  ? [StandardSchemaV1.InferOutput<S>] extends [StandardSchemaV1.InferInput<S>]
    ? unknown
    : { readonly "this schema must take what it gives: both sides parse, one after the other": never }
  : unknown;

/** What is wrong with a value that should be a schema; nothing when it is one. */
export function schemaProblem(what: string, value: unknown): string | undefined {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const standard = isObject ? (value as { "~standard"?: { validate?: unknown } })["~standard"] : undefined;
  if (typeof standard?.validate === "function") return undefined;
  return `${what} must be a Standard Schema, such as z.object({ … }) of Zod 4, not ${describe(value)}`;
}
