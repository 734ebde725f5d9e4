import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidContract } from "./invalid-contract.js";
import { longestName, plainText } from "./plain-text.js";
import type { Schema } from "./schema.js";

/** One thing that a schema found wrong, in a form that can be sent: plain texts and numbers. */
export interface Issue {
  readonly message: string;
  /** Where: keys and indexes from the outside in; empty for the value itself. */
  readonly path: readonly (string | number)[];
}

export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly Issue[] };

/**
 * Parses a value with a contract's schema; without a schema the result is `undefined`, whatever came.
 *
 * @throws InvalidContract when the schema turns out to be asynchronous, which Standard Schema tells only now.
 */
export function validate(schema: Schema | undefined, value: unknown, what: string): Validated {
  if (schema === undefined) return { value: undefined };
  const result = schema["~standard"].validate(value);
  if (isPromise(result)) {
    result.then(undefined, () => {});
    throw new InvalidContract(what, [
      "its schema is asynchronous: check what needs waiting for in the handler instead",
    ]);
  }
  return result.issues ? { issues: plainIssues(result.issues) } : result;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>).then === "function";
}

/** Issues are sent, logged and shown. What somebody else sent decides how many there are, so they are bounded. */
const mostIssues = 32;
const longestPath = 16;
const longestLine = 1_024;

/** Issues in the form in which they can be sent and shown, whoever found them: bounded in number and in length, and plain. */
export function plainIssues(issues: readonly StandardSchemaV1.Issue[]): Issue[] {
  return issues.slice(0, mostIssues).map(plainIssue);
}

function plainIssue({ message, path = [] }: StandardSchemaV1.Issue): Issue {
  const keys = path.slice(0, longestPath).map((segment) => (typeof segment === "object" ? segment.key : segment));
  const plainKey = (key: PropertyKey): string | number =>
    typeof key === "number" ? key : plainText(String(key), longestName);
  return { message: plainText(message), path: keys.map(plainKey) };
}

/** Issues as one readable line, which has an end: `quantity: expected number; sku: required`. */
export function issuesInWords(issues: readonly Issue[]): string {
  const words = issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  return plainText(words.join("; "), longestLine);
}
