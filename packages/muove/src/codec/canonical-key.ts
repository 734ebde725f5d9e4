import { plain } from "./plain.js";

/**
 * A string that is the same for two values exactly if whoever receives them could not tell them apart: whatever the
 * order of their keys, with undefined keys or without, with -0 or 0, 5 or 5n.
 *
 * It is meant for looking things up in memory. It grows with the value, and its form may change between releases.
 *
 * @throws {Unencodable} for what MessagePack cannot carry, as {@link encode} does.
 */
export function canonicalKey(value: unknown): string {
  return keyOf(plain(value, "msgpack"));
}

/** JSON as far as it goes, and beyond it signs that JSON text cannot contain outside of a string. */
function keyOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return String(Number(value));
  if (typeof value !== "object" || value === null) return String(value); // undefined, NaN too; and -0 is "0"
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Uint8Array) return `#${Buffer.from(value).toString("base64")}`;
  return `{${fieldsOf(value as Record<string, unknown>).join()}}`;
}

function fieldsOf(object: Record<string, unknown>): string[] {
  return Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${keyOf(object[key])}`);
}
