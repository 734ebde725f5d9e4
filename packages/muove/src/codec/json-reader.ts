import { parse } from "secure-json-parse";
import { checkJson } from "./json-check.js";
import { Malformed } from "./malformed.js";
import { textOf } from "./text.js";

/**
 * Reads JSON text in UTF-8, as `JSON.parse` does: the last of equal keys counts. Unlike there, a lone surrogate becomes
 * U+FFFD, so that a string means the same in either encoding, and a number beyond a double's range is refused, as JSON
 * has no infinity.
 *
 * Throws {@link Malformed} for anything else, for too much depth or weight and for keys that could change a prototype.
 */
export function readJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes, 0, bytes.length);
  const mayOverflow = bytes.length > short ? checkJson(bytes) : largeExponent.test(text);
  const value = parsed(wellFormed(text));
  if (mayOverflow && !isFiniteThroughout(value)) throw new Malformed("a number beyond what a double can hold");
  return value;
}

/** So few bytes can neither nest nor weigh too much, and a number in them is too large by its exponent only. */
const short = 128;
const largeExponent = /\d[eE]\+?\d{3}/;

function parsed(text: string): unknown {
  try {
    return parse(text, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw new Malformed(isForbidden(cause) ? "a key that could change a prototype" : "text that is not JSON");
  }
}

/** Asked only where a number was written as few are: 1e100, say. */
function isFiniteThroughout(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isFiniteThroughout);
}

/** secure-json-parse has one class of error for both, so its words must tell; a vector notices if they change. */
function isForbidden(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("Object contains forbidden");
}

const surrogate = /\\u[dD][89a-fA-F]/;

/** A pair, or a half, where an escape starts. */
const pair = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/y;
const half = /\\u[dD][89a-fA-F][\da-fA-F]{2}/y;
const escapeLength = "\\ud800".length;

/** Goes from one escape to the next, so that a backslash is never mistaken for the start of one. */
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
