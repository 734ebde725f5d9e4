import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidContract } from "./invalid-contract.js";
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
  return result.issues ? { issues: result.issues.slice(0, mostIssues).map(plainIssue) } : result;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>).then === "function";
}

/** Issues are sent, logged and shown. What somebody else sent decides how many there are, so they are bounded. */
const mostIssues = 20;
const longestPath = 32;
const longestText = 200;

function plainIssue(issue: StandardSchemaV1.Issue): Issue {
  const path = (issue.path ?? []).slice(0, longestPath);
  const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment));
  return { message: cut(issue.message), path: keys.map((key) => (typeof key === "number" ? key : cut(String(key)))) };
}

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/** Issues as one readable line: `quantity: expected number; sku: required`. */
export function issuesInWords(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)).join("; ");
}
