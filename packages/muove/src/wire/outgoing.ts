import type { Schema } from "@muove/contract";
import { validate } from "@muove/contract/internal";
import { type Encoding, encode, Unencodable } from "../codec/index.js";
import type { HeaderBlock } from "./headers.js";
import { InvalidInput } from "./invalid-input.js";
import { TooLarge } from "./too-large.js";

// docs/protocol.md, clause V-1.

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
 * Validates the sender's input and encodes it as given; the callee parses it. Empty for a message without input.
 *
 * @throws InvalidInput
 */
export function payloadOf({ address, input: schema }: Target, input: unknown, encoding: Encoding): Uint8Array {
  const result = validate(schema, input, address);
  if (result.issues) throw new InvalidInput(address, result.issues);
  try {
    return encode(schema === undefined ? undefined : input, encoding);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    throw new InvalidInput(address, [{ message: error.message, path: [] }], { cause: error });
  }
}

/** @throws TooLarge if a request does not fit into `limit` bytes. */
export function checkSize({ address }: Target, payload: Uint8Array, headers: HeaderBlock, limit: number): void {
  const size = payload.length + headers.length;
  if (size > limit) throw new TooLarge(address, size, limit);
}
