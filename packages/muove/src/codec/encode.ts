import type { Encoding } from "./encoding.js";
import { writeMessagePack } from "./messagepack-writer.js";
import { type Plain, plain } from "./plain.js";
import { Unencodable } from "./unencodable.js";
import { tooHeavy, weightLimit } from "./weight.js";

const noBytes = new Uint8Array(0);

/**
 * Writes a value as a payload. Undefined becomes an empty payload (void).
 *
 * - Neither the value nor, later, the payload is modified.
 * - Only own enumerable string keys are sent, also for class instances; `toJSON` methods are not called. Keys with an
 *   undefined value are left out.
 * - MessagePack carries dates, bytes (`Uint8Array`, `Buffer`), bigints, Maps and Sets. JSON refuses them, and also NaN
 *   and the infinities.
 * - A lone surrogate becomes U+FFFD, as in the Web platform.
 *
 * @throws {Unencodable} for anything that would be lost on the wire: undefined other than for a key, functions, symbols,
 * built-in classes (RegExp, Error, URL, typed arrays, …), cycles, more than {@link maxDepth} levels, bigints of more
 * than {@link maxBigintBytes}, keys that {@link decode} refuses, and too many small values for the payload's size.
 */
export function encode(value: unknown, encoding: Encoding): Uint8Array {
  return written(plain(value, encoding));
}

/**
 * Writes what {@link plain} made of a value.
 *
 * @throws {Unencodable} for too many small values for the payload's size.
 */
export function written({ value, encoding, weight }: Plain): Uint8Array {
  if (value === undefined) return noBytes;
  const payload = encoding === "json" ? Buffer.from(JSON.stringify(value)) : writeMessagePack(value);
  if (weight > weightLimit(payload.length))
    throw new Unencodable(`${tooHeavy}, ${payload.length} bytes; send it in parts`);
  return payload;
}
