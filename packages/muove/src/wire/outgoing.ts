import type { Schema } from "@muove/contract";
import { validate } from "@muove/contract/internal";
import type { Core } from "../bus/core.js";
import { type Encoding, encode, Unencodable } from "../codec/index.js";
import { type EncodedHeaders, type RequestHeaders, requestHeaders } from "./headers.js";
import { InvalidInput } from "./invalid-input.js";
import { TooLarge } from "./too-large.js";

/** A message of a mailbox: what does not change from one sending to the next. */
export interface Target {
  readonly mailbox: string;
  readonly message: string;
  /** `<mailbox>.<message>`, for people. */
  readonly address: string;
  readonly subject: string;
  readonly input: Schema | undefined;
}

/** A request that is ready to be published. */
export interface Outgoing {
  readonly payload: Uint8Array;
  /** Nothing for a message that carries nothing. */
  readonly encoding: Encoding | undefined;
  readonly headers: EncodedHeaders;
}

/**
 * Checks what the sender gave and encodes it as given; the callee parses it.
 *
 * @throws InvalidInput, TooLarge: the programmer's own mistakes, whatever the state of the world.
 */
export function outgoing(core: Core, target: Target, input: unknown, headers: RequestHeaders): Outgoing {
  const encoded = requestHeaders(headers);
  const payload = checkedPayload(target, input, core.encoding);
  const size = payload.length + encoded.size;
  if (size > core.link.maxPayload) throw new TooLarge(target.address, size, core.link.maxPayload);
  return { payload, encoding: payload.length === 0 ? undefined : core.encoding, headers: encoded };
}

function checkedPayload({ address, input: schema }: Target, input: unknown, encoding: Encoding): Uint8Array {
  const result = validate(schema, input, address);
  if (result.issues) throw new InvalidInput(address, result.issues);
  try {
    return encode(schema === undefined ? undefined : input, encoding);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    throw new InvalidInput(address, [{ message: error.message, path: [] }], { cause: error });
  }
}
