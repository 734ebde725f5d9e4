import { Malformed } from "./malformed.js";

// ignoreBOM keeps a leading U+FEFF: it is part of the string, which the sender's length prefix or quotes delimit.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this many bytes a loop is faster than the call into TextDecoder, which takes 65 ns for any short text. */
const SHORT = 24;

/** The UTF-8 text in `bytes` from `from` up to `to`. Throws {@link Malformed} if it is not exactly that. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= SHORT) {
    const short = asciiOf(bytes, from, to);
    if (short !== undefined) return short;
  }
  try {
    return decoder.decode(bytes.subarray(from, to));
  } catch (cause) {
    throw new Malformed("text that is not UTF-8", from, { cause });
  }
}

/** Four at a time, because V8 makes a string of four as quickly as a string of one. Undefined if it is not ASCII. */
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
