import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidContract } from "./invalid-contract.js";
import { maxNameLength, plainText } from "./plain-text.js";
import type { Schema } from "./schema.js";

/** A problem that a schema found, in a form that can be sent: strings and numbers. */
export interface Issue {
  readonly message: string;
  /** Keys and indexes from the outside in; empty for the value itself. */
  readonly path: readonly (string | number)[];
}

export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly Issue[] };

/**
 * Parses a value with a contract's schema. Without a schema the result is always `undefined`.
 *
 * @throws InvalidContract if the schema is asynchronous, which is only known once it validates.
 */
export function validate(schema: Schema | undefined, value: unknown, what: string): Validated {
  if (schema === undefined) return { value: undefined };
  const result = schema["~standard"].validate(value);
  if (isPromise(result)) {
    result.then(undefined, () => {});
    throw new InvalidContract(what, ["its schema is asynchronous: do asynchronous checks in the handler instead"]);
  }
  return result.issues ? { issues: plainIssues(result.issues) } : result;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>).then === "function";
}

/** Issues are sent, logged and shown. The sender of a value decides how many it has, so they are bounded. */
const maxIssues = 32;
const maxPathLength = 16;
const maxLineLength = 1_024;

/** Issues that are safe to send and show: bounded in number and length, in plain text. */
export function plainIssues(issues: readonly StandardSchemaV1.Issue[]): Issue[] {
  return issues.slice(0, maxIssues).map(plainIssue);
}

function plainIssue({ message, path = [] }: StandardSchemaV1.Issue): Issue {
  const keys = path.slice(0, maxPathLength).map((segment) => (typeof segment === "object" ? segment.key : segment));
  const plainKey = (key: PropertyKey): string | number =>
    typeof key === "number" ? key : plainText(String(key), maxNameLength);
  return { message: plainText(message), path: keys.map(plainKey) };
}

/** Issues as one bounded line: `quantity: expected number; sku: required`. */
export function issuesInWords(issues: readonly Issue[]): string {
  const words = issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  return plainText(words.join("; "), maxLineLength);
}
