import { Malformed } from "./malformed.js";

// ignoreBOM keeps a leading U+FEFF, which is part of the string here.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this many bytes a loop is faster than calling TextDecoder, which takes 65 ns for any short string. */
const shortText = 24;

/** Decodes UTF-8 in `bytes` from `from` up to `to`. Throws {@link Malformed} if it is not valid UTF-8. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (to - from === 2) return pairOf(bytes, from);
  if (to - from <= shortText) {
    const short = asciiOf(bytes, from, to);
    return short ?? utf8Of(bytes, from, to);
  }
  try {
    return decoder.decode(bytes.subarray(from, to));
  } catch (cause) {
    throw new Malformed("text that is not UTF-8", from, { cause });
  }
}

/** A cache of two-byte strings. There are about 18,000 of them, each 32 bytes plus its map entry. */
const pairs = new Map<number, string>();

function pairOf(bytes: Uint8Array, from: number): string {
  const pair = ((bytes[from] as number) << 8) | (bytes[from + 1] as number);
  const known = pairs.get(pair);
  if (known !== undefined) return known;
  const text = asciiOf(bytes, from, from + 2) ?? utf8Of(bytes, from, from + 2);
  pairs.set(pair, text);
  return text;
}

/**
 * Four at a time, because V8 creates a string of four characters as fast as one of one. Undefined if it is not ASCII.
 */
function asciiOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = "";
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    if ((a | b | c | d) >= 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < to; at++) {
    const a = bytes[at] as number;
    if (a >= 0x80) return undefined;
    text += String.fromCharCode(a);
  }
  return text;
}

/** The lowest code point allowed for a sequence of that many bytes. */
const least = [0, 0, 0x80, 0x800, 0x10000];

function utf8Of(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let at = from;
  while (at < to) {
    const head = bytes[at] as number;
    const length = sequenceLength(head);
    if (length === 0 || at + length > to) throw new Malformed("text that is not UTF-8", from);
    let point = length === 1 ? head : head & (0x7f >> length);
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i] as number;
      if ((byte & 0xc0) !== 0x80) throw new Malformed("text that is not UTF-8", from);
      point = (point << 6) | (byte & 0x3f);
    }
    const bad = point < (least[length] as number) || point > 0x10ffff || (point >= 0xd800 && point < 0xe000);
    if (bad) throw new Malformed("text that is not UTF-8", from);
    text += point < 0x10000 ? String.fromCharCode(point) : String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** The number of bytes in a character that starts with `head`, or 0 if none does. */
function sequenceLength(head: number): number {
  if (head < 0x80) return 1;
  if (head < 0xc2) return 0;
  if (head < 0xe0) return 2;
  if (head < 0xf0) return 3;
  return head < 0xf5 ? 4 : 0;
}
