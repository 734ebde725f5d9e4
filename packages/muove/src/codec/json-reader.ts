import { parse } from "secure-json-parse";
import { checkJson } from "./json-check.js";
import { Malformed } from "./malformed.js";
import { textOf } from "./text.js";

/**
 * Reads JSON in UTF-8 like `JSON.parse`: the last of equal keys wins. There are two differences. A lone surrogate
 * becomes U+FFFD, so that a string means the same in both encodings. A number beyond the range of a double is refused,
 * because JSON has no infinity.
 *
 * Throws {@link Malformed} for anything else, for too much depth or weight, and for keys that could change a prototype.
 */
export function readJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes, 0, bytes.length);
  const mayOverflow = bytes.length > short ? checkJson(bytes) : largeExponent.test(text);
  const value = parsed(wellFormed(text));
  if (mayOverflow && !isFiniteThroughout(value)) throw new Malformed("a number beyond what a double can hold");
  return value;
}

/** A payload this short cannot nest or weigh too much, and its numbers can overflow only by their exponent. */
const short = 128;
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

/** An escaped surrogate pair, and an escaped lone surrogate, at the start of an escape. */
const pair = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/y;
const half = /\\u[dD][89a-fA-F][\da-fA-F]{2}/y;
const escapeLength = "\\ud800".length;

/** Goes from escape to escape, so that an escaped backslash is not taken for the start of one. */
function wellFormed(json: string): string {
  if (!surrogate.test(json)) return json;
  const parts: string[] = [];
  let done = 0;
  let at = json.indexOf("\\");
  while (at >= 0) {
    let end = at + 2;
    if (json[at + 1] === "u") {
      if (isAt(pair, json, at)) end = at + 2 * escapeLength;
      else if (isAt(half, json, at)) {
        end = at + escapeLength;
        parts.push(json.slice(done, at), "\\ufffd");
        done = end;
      }
    }
    at = json.indexOf("\\", end);
  }
  parts.push(json.slice(done));
  return parts.join("");
}

function isAt(what: RegExp, text: string, at: number): boolean {
  what.lastIndex = at;
  return what.test(text);
}
