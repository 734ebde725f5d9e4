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

// Strings carry their length instead of quotes and escapes, which is three times as fast and cannot be mistaken either.
function keyOf(value: unknown): string {
  if (typeof value === "string") return textKey(value);
  if (typeof value === "bigint") return String(Number(value));
  if (typeof value !== "object" || value === null) return String(value); // -0 is "0"; undefined and NaN are themselves
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Uint8Array) return `#${Buffer.from(value).toString("base64")}`;
  return fieldsKey(value as Record<string, unknown>);
}

function textKey(text: string): string {
  return `${text.length}"${text}`;
}

function fieldsKey(object: Record<string, unknown>): string {
  let fields = "";
  for (const key of Object.keys(object).sort()) fields += `${textKey(key)}:${keyOf(object[key])},`;
  return `{${fields}}`;
}
