import type { Issue, Schema } from "@muove/contract";
import { shapeOf, validate } from "@muove/contract/internal";
import { InvalidInput } from "../base/invalid-input.js";
import { type Encoding, plain, Unencodable, written } from "../codec/index.js";
import { type HeaderBlock, nothing } from "./headers.js";
import { TooLarge } from "./too-large.js";

// docs/protocol.md, clause V-1.

const lostOnTheWay = "as it would arrive: undefined keys, getters and classes are not sent";

const noInput: Issue = { message: "it takes none; options come second: pass undefined before them", path: [] };

/** A message of a mailbox: everything that is the same each time it is sent. */
export interface Target {
  readonly mailbox: string;
  readonly message: string;
  /** `<mailbox>.<message>`, for people. Followed by `@` and the instance or the tags if it is addressed to them. */
  readonly address: string;
  readonly subject: string;
  readonly input: Schema | undefined;
}

/**
 * Encodes the sender's input, less the keys that its contract does not know, and validates what will arrive; the callee
 * parses it. Empty for a message without input.
 *
 * @throws InvalidInput
 */
export function payloadOf({ address, input: schema }: Target, input: unknown, encoding: Encoding): Uint8Array {
  if (schema === undefined) {
    if (input !== undefined) throw new InvalidInput(address, [noInput]);
    return nothing;
  }
  try {
    const sent = plain(input, encoding, shapeOf(schema, "input"));
    const { issues } = validate(schema, sent.value, address);
    if (issues) throw new InvalidInput(address, sent.value === input ? issues : explained(schema, input, issues));
    return written(sent);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    const issues = problemsOf(schema, input) ?? [{ message: error.message, path: [] }];
    throw new InvalidInput(address, issues, { cause: error });
  }
}

/** What the schema says of the input as it was given. */
function problemsOf(schema: Schema, input: unknown): readonly Issue[] | undefined {
  return validate(schema, input, "").issues;
}

/** Explains issues of a value that only arises by sending. */
function explained(schema: Schema, input: unknown, issues: readonly Issue[]): readonly Issue[] {
  if (problemsOf(schema, input) !== undefined) return issues;
  return issues.map(({ message, path }) => ({ message: `${message} (${lostOnTheWay})`, path }));
}

/** @throws TooLarge if a request does not fit into `limit` bytes. */
export function checkSize({ address }: Target, payload: Uint8Array, headers: HeaderBlock, limit: number): void {
  const size = payload.length + headers.length;
  if (size > limit) throw new TooLarge(address, size, limit);
}
