const zero = 0x30;
export const nine = 0x39;
const last = "4294967294";

/** Whether a key is an index: `"0"` to `"4294967294"`, as an array has them. Objects keep those apart, and first. */
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
 * An object with these keys, `indexes` among them. Given one by one, V8 takes what comes for an array that grows: it
 * makes room for all indexes up to 1,023 as soon as that one is there (8 kB and more), and lays everything out anew
 * again and again where indexes have gaps. `JSON.parse` looks at all of them first.
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
