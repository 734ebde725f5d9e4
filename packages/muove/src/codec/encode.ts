import type { Encoding } from "./encoding.js";
import { writeJson } from "./json-writer.js";
import { writeMessagePack } from "./messagepack-writer.js";
import { Walk } from "./plain.js";
import { Unencodable } from "./unencodable.js";
import { tooHeavy, weightLimit } from "./weight.js";

const noBytes = new Uint8Array(0);

/**
 * Writes a value as a payload. Undefined itself becomes no bytes at all: void.
 *
 * - The value is not changed, and the payload is never written to again.
 * - Keys whose value is undefined are left out; undefined in an array becomes null.
 * - Only own enumerable string keys are sent, of class instances too: a `toJSON` method is not asked. Dates and bytes
 *   (`Uint8Array`, `Buffer`) are kept in MessagePack; in JSON they are refused, as are NaN and the infinities.
 * - A bigint travels as a 64-bit integer in MessagePack, and as a number in JSON where a number can hold it.
 * - A lone surrogate becomes U+FFFD, as everywhere on the Web.
 *
 * @throws {Unencodable} for what would get lost on the way: functions, symbols, Map, Set, objects that go by a name of
 *   their own (RegExp, Error, URL, typed arrays, …), cycles, more than {@link maxDepth} levels, bigints beyond 64 bits,
 *   keys that {@link decode} refuses, and more small values than it takes in so many bytes.
 */
export function encode(value: unknown, encoding: Encoding): Uint8Array {
  if (value === undefined) return noBytes;
  const walk = new Walk(value, encoding);
  const sendable = walk.visit(value, 0);
  const payload = encoding === "json" ? writeJson(sendable) : writeMessagePack(sendable);
  if (walk.weight > weightLimit(payload.length))
    throw new Unencodable(`${tooHeavy}, ${payload.length} bytes; send it in parts`);
  return payload;
}
