import type { Schema } from "@muove/contract";
import { validate } from "@muove/contract/internal";
import { type Encoding, encode, Unencodable } from "../codec/index.js";
import type { HeaderBlock } from "./headers.js";
import { InvalidInput } from "./invalid-input.js";
import { TooLarge } from "./too-large.js";

// docs/protocol.md, clause V-1.

/** A message of a mailbox: what does not change from one sending to the next. */
export interface Target {
  readonly mailbox: string;
  readonly message: string;
  /** `<mailbox>.<message>`, for people; with `@` and the instance or the tags where it is for these. */
  readonly address: string;
  readonly subject: string;
  readonly input: Schema | undefined;
}

/**
 * Checks what the sender gave and encodes it as given; the callee parses it. Empty where the message carries nothing.
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

/** @throws TooLarge when a request does not fit into a message of `limit` bytes. */
export function checkSize({ address }: Target, payload: Uint8Array, headers: HeaderBlock, limit: number): void {
  const size = payload.length + headers.length;
  if (size > limit) throw new TooLarge(address, size, limit);
}
