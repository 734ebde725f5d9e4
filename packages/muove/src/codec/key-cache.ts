import { textOf } from "./text.js";

// Invariants:
// KEY-CACHE-1 A slot's string is exactly its bytes, decoded. So equal bytes are a hit, and the cache cannot be
//   poisoned.
// KEY-CACHE-2 The table has `slots` entries of at most `longestKey` bytes each, whatever is sent. Unknown keys only
//   evict others.

/** A power of two. One service uses far fewer keys. */
const slots = 1024;
const longestKey = 32;

/** The bytes of all slots, one after the other, so that an unknown key allocates only its string. */
const known = new Uint8Array(slots * longestKey);
const lengths = new Uint8Array(slots);
const texts = new Array<string>(slots).fill("");

/**
 * Decodes the key of a map. The same few keys arrive over and over, and setting a property is several times faster with
 * a string that V8 has seen than with a new, equal one.
 */
export function keyOf(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  if (length === 0 || length > longestKey) return textOf(bytes, from, to);
  const index = slotOf(bytes, from, length);
  if (lengths[index] === length && holds(index, bytes, from, length)) return texts[index] as string;
  const text = textOf(bytes, from, to);
  for (let i = 0; i < length; i++) known[index * longestKey + i] = bytes[from + i] as number;
  lengths[index] = length;
  texts[index] = text;
  return text;
}

/** Length, first, middle and last byte distinguish most keys without reading them whole. */
function slotOf(bytes: Uint8Array, from: number, length: number): number {
  const first = bytes[from] as number;
  const middle = bytes[from + (length >> 1)] as number;
  const last = bytes[from + length - 1] as number;
  return (length * 31 + first * 7 + middle * 17 + last * 131) & (slots - 1);
}

function holds(index: number, bytes: Uint8Array, from: number, length: number): boolean {
  const start = index * longestKey;
  for (let i = 0; i < length; i++) {
    if (known[start + i] !== bytes[from + i]) return false;
  }
  return true;
}
