import { type Encoding, encodingOf } from "./encoding.js";
import { readJson } from "./json-reader.js";
import { readMessagePack } from "./messagepack-reader.js";

/** The contents of a payload. */
export interface Decoded {
  readonly value: unknown;
  /** Undefined for an empty payload (void). A reply to it may use either encoding. */
  readonly encoding: Encoding | undefined;
}

/**
 * Reads a payload from an untrusted sender.
 *
 * - For any bytes, it either returns a value or throws {@link Malformed}.
 * - It evaluates nothing and changes no prototype. It refuses keys that could change one later (`__proto__`, or a
 *   `prototype` inside a `constructor`).
 * - The value nests at most {@link maxDepth} deep. It takes at most about 10 times the memory of the payload plus 1
 *   MiB, whatever lengths the payload claims.
 * - The value shares no memory with the payload, so you can reuse the payload's buffer.
 * - Every string is well-formed Unicode. A 64-bit integer becomes a number, and is refused if that would change it.
 *   Timestamps are cut to milliseconds.
 */
export function decode(payload: Uint8Array): Decoded {
  const encoding = encodingOf(payload);
  if (encoding === undefined) return { value: undefined, encoding };
  return { value: encoding === "json" ? readJson(payload) : readMessagePack(payload), encoding };
}
