/**
 * Reads a value of `test/vectors/payloads.json`: JSON, and a tagged object for each kind of value that JSON lacks.
 */
export function untagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const [[key, content] = ["", undefined], ...others] = Object.entries(value);
  const read = others.length === 0 ? tags[key] : undefined;
  if (read !== undefined) return read(content);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, untagged(part)]));
}

const tags: Readonly<Record<string, (content: unknown) => unknown>> = {
  $undefined: () => undefined,
  $number: (digits) => Number(digits),
  $bigint: (digits) => BigInt(String(digits)),
  $map: (entries) => new Map(untagged(entries) as [unknown, unknown][]),
  $set: (members) => new Set(untagged(members) as unknown[]),
  $bytes: (hex) => bytesOf(String(hex)),
  $date: (iso) => new Date(String(iso)),
  $utf16: (hex) => String.fromCharCode(...(String(hex).match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16))),
  $nested: (levels) => nested(Number(levels)),
  $empties: (count) => Array.from({ length: Number(count) }, () => []),
};

/** `(90){3}` stands for 909090. */
export function bytesOf(hex: string): Uint8Array {
  const whole = hex.replace(/\((\w+)\)\{(\d+)\}/g, (_, part: string, times) => part.repeat(Number(times)));
  return new Uint8Array(Buffer.from(whole, "hex"));
}

function nested(levels: number): unknown[] {
  return levels === 1 ? [] : [nested(levels - 1)];
}
