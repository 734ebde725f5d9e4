import { type Encoding, encodingOf } from "./encoding.js";
import { readJson } from "./json-reader.js";
import { readMessagePack } from "./messagepack-reader.js";

/** What a payload held. */
export interface Decoded {
  readonly value: unknown;
  /** Undefined when there were no bytes at all: void. A reply to it is free to choose. */
  readonly encoding: Encoding | undefined;
}

/**
 * Reads a payload that anybody may have sent.
 *
 * - It returns or throws {@link Malformed}, and nothing else, whatever the bytes.
 * - It evaluates nothing and changes no prototype; keys that could change one further on (`__proto__`, a `prototype`
 *   inside a `constructor`) are refused.
 * - It nests at most {@link maxDepth} deep, and takes at most some 10 times as much memory as it was given bytes, and 1
 *   MiB more: never what they claim.
 * - The value shares no memory with the payload, so the payload's buffer may be used again.
 * - Every string is well-formed Unicode. 64-bit integers become the nearest number. What a timestamp says below a
 *   millisecond is dropped.
 */
export function decode(payload: Uint8Array): Decoded {
  const encoding = encodingOf(payload);
  if (encoding === undefined) return { value: undefined, encoding };
  return { value: encoding === "json" ? readJson(payload) : readMessagePack(payload), encoding };
}
