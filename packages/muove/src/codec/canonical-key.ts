import { plain } from "./plain.js";

/**
 * A string that is equal for two values exactly if a receiver could not tell them apart. Undefined keys, -0 against 0,
 * and the order of keys, also in a Map or a Set, make no difference.
 *
 * Use it to look things up in memory. It grows with the value, and its form may change between releases.
 *
 * @throws {Unencodable} for a value that MessagePack cannot carry, like {@link encode}.
 */
export function canonicalKey(value: unknown): string {
  return keyOf(plain(value, "msgpack").value);
}

// Strings carry their length instead of quotes and escapes: that is unambiguous too, and three times as fast.
function keyOf(value: unknown): string {
  if (typeof value === "string") return textKey(value);
  if (typeof value === "bigint") return `${value}n`;
  // -0 gives "0"; undefined and NaN give their names
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Uint8Array) return `#${Buffer.from(value).toString("base64")}`;
  if (value instanceof Map)
    return `<${[...value]
      .map(([key, of]) => `${keyOf(key)}:${keyOf(of)}`)
      .sort()
      .join()}>`;
  if (value instanceof Set) return `(${[...value].map(keyOf).sort().join()})`;
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
