import { asGiven, type Shape } from "@muove/contract/internal";
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
 * - Only own enumerable string keys are sent, also for class instances; `toJSON` methods are not called. Keys with an
 *   undefined value are left out, and so are those that `shape` leaves out.
 * - MessagePack carries dates, bytes (`Uint8Array`, `Buffer`), bigints, Maps and Sets. JSON refuses them, and also NaN
 *   and the infinities.
 * - A lone surrogate becomes U+FFFD, as in the Web platform.
 *
 * @param check gets the value as a receiver will see it, before it is written; it may throw.
 * @throws {Unencodable} for anything that would be lost on the wire: undefined other than for a key, functions, symbols,
 * built-in classes (RegExp, Error, URL, typed arrays, …), cycles, more than {@link maxDepth} levels, bigints of more
 * than {@link maxBigintBytes}, keys that {@link decode} refuses, and too many small values for the payload's size.
 */
export function encode(
  value: unknown,
  encoding: Encoding,
  shape: Shape = asGiven,
  check?: (received: unknown) => void,
): Uint8Array {
  const walk = new Walk(value, encoding);
  const received = walk.visit(value, 0, shape);
  check?.(received);
  if (received === undefined) return noBytes;
  const payload =
    encoding === "json" ? Buffer.from(JSON.stringify(received)) : writeMessagePack(received, walk.extended);
  if (walk.weight > weightLimit(payload.length))
    throw new Unencodable(`${tooHeavy}, ${payload.length} bytes; send it in parts`);
  return payload;
}
