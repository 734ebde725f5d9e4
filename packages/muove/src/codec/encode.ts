import type { Encoding } from "./encoding.js";
import { writeMessagePack } from "./messagepack-writer.js";
import { Walk } from "./plain.js";
import { Unencodable } from "./unencodable.js";
import { tooHeavy, weightLimit } from "./weight.js";

const noBytes = new Uint8Array(0);

/**
 * Writes a value as a payload. Undefined becomes an empty payload (void).
 *
 * - Neither the value nor, later, the payload is modified.
 * - Keys with an undefined value are left out. Undefined in an array becomes null.
 * - Only own enumerable string keys are sent, also for class instances; `toJSON` methods are not called. MessagePack
 *   carries dates and bytes (`Uint8Array`, `Buffer`). JSON refuses them, and also NaN and the infinities.
 * - A bigint becomes a 64-bit integer in MessagePack, and a number in JSON if a number can hold it.
 * - A lone surrogate becomes U+FFFD, as in the Web platform.
 *
 * @throws {Unencodable} for anything that would be lost on the wire: functions, symbols, Map, Set, built-in classes
 * (RegExp, Error, URL, typed arrays, …), cycles, more than {@link maxDepth} levels, bigints beyond 64 bits, keys that
 * {@link decode} refuses, and too many small values for the payload's size.
 */
export function encode(value: unknown, encoding: Encoding): Uint8Array {
  if (value === undefined) return noBytes;
  const walk = new Walk(value, encoding);
  const sendable = walk.visit(value, 0);
  const payload = encoding === "json" ? Buffer.from(JSON.stringify(sendable)) : writeMessagePack(sendable);
  if (walk.weight > weightLimit(payload.length))
    throw new Unencodable(`${tooHeavy}, ${payload.length} bytes; send it in parts`);
  return payload;
}
