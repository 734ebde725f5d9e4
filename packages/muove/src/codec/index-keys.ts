const zero = 0x30;
export const nine = 0x39;
const last = "4294967294";

/** Whether a key is an array index, `"0"` to `"4294967294"`. Objects store those separately and list them first. */
export function isIndex(key: string): boolean {
  const { length } = key;
  const first = key.charCodeAt(0);
  if (length > last.length || !(first > zero && first <= nine)) return key === "0";
  for (let i = 1; i < length; i++) {
    const code = key.charCodeAt(i);
    if (code < zero || code > nine) return false;
  }
  return length < last.length || key <= last;
}

/**
 * Builds an object with these keys, `indexes` among them. If they are set one by one, V8 expects a growing array: it
 * allocates all indexes up to 1,023 as soon as that one is set (8 kB or more), and rebuilds the table repeatedly when
 * indexes have gaps. `JSON.parse` sees all of them first.
 */
export function withIndexes(
  indexes: readonly string[],
  keys: readonly string[],
  values: readonly unknown[],
): Record<string, unknown> {
  const object: Record<string, unknown> = JSON.parse(`{"${indexes.join('":0,"')}":0}`);
  for (let i = 0; i < keys.length; i++) object[keys[i] as string] = values[i];
  return object;
}
