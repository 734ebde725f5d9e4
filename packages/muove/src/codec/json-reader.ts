import { parse } from "secure-json-parse";
import { checkJson } from "./json-check.js";
import { Malformed } from "./malformed.js";
import { textOf } from "./text.js";

/**
 * Reads JSON in UTF-8 like `JSON.parse`: the last of equal keys wins. There are three differences. A lone surrogate
 * becomes U+FFFD, so that a string means the same in both encodings. A number beyond the range of a double is refused,
 * because JSON has no infinity, and so is an integer that a double would change.
 *
 * Throws {@link Malformed} for anything else, for too much depth or weight, and for keys that could change a prototype.
 */
export function readJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes, 0, bytes.length);
  const mayOverflow = bytes.length > short || longInteger.test(text) ? checkJson(bytes) : largeExponent.test(text);
  const value = parsed(wellFormed(text, bytes));
  if (mayOverflow && !isFiniteThroughout(value)) throw new Malformed("a number beyond what a double can hold");
  return value;
}

/** A payload this short cannot nest or weigh too much, and its numbers can overflow only by their exponent. */
const short = 128;
const longInteger = /\d{16}/;
const largeExponent = /\d[eE]\+?\d{3}/;

function parsed(text: string): unknown {
  try {
    return parse(text, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw new Malformed(isForbidden(cause) ? "a key that could change a prototype" : "text that is not JSON");
  }
}

/** Rarely needed: only for payloads with a number such as 1e100. */
function isFiniteThroughout(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isFiniteThroughout);
}

/**
 * secure-json-parse throws the same class for both, so only the message tells. A test vector fails if the message
 * changes.
 */
function isForbidden(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("Object contains forbidden");
}

const surrogate = /\\u[dD][89a-fA-F]/;
const backslash = 0x5c;
const escapeLength = "\\ud800".length;
const replacement = Buffer.from("\\ufffd");

/**
 * Replaces each escaped lone surrogate. Goes from escape to escape, so that an escaped backslash is not taken for the
 * start of one. The replacement has the same length, so it is written over the surrogate in a copy.
 */
function wellFormed(text: string, bytes: Uint8Array): string {
  if (!surrogate.test(text)) return text;
  const copy = Buffer.from(bytes);
  let at = 0;
  while (at < copy.length) {
    if (copy[at] !== backslash) at++;
    else if (!isSurrogate(copy, at)) at += 2;
    else if (isHigh(copy, at) && isSurrogate(copy, at + escapeLength) && !isHigh(copy, at + escapeLength))
      at += 2 * escapeLength;
    else {
      copy.set(replacement, at);
      at += escapeLength;
    }
  }
  return textOf(copy, 0, copy.length);
}

/** Whether an escape such as `\ud800` is there: `d`, then 8 to f, then two digits. */
function isSurrogate(json: Uint8Array, at: number): boolean {
  return (
    json[at] === backslash &&
    json[at + 1] === 0x75 &&
    digitAt(json, at + 2) === 0xd &&
    digitAt(json, at + 3) >= 8 &&
    digitAt(json, at + 4) >= 0 &&
    digitAt(json, at + 5) >= 0
  );
}

/** Of a surrogate: whether it is the first of a pair. */
function isHigh(json: Uint8Array, at: number): boolean {
  return digitAt(json, at + 3) < 0xc;
}

/** The value of a hexadecimal digit, or -1. */
function digitAt(json: Uint8Array, at: number): number {
  const byte = json[at] ?? 0;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
