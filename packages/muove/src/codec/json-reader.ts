import { parse } from "secure-json-parse";
import { withinDepth } from "./json-depth.js";
import { MAX_DEPTH } from "./limits.js";
import { Malformed } from "./malformed.js";
import { textOf } from "./text.js";

/**
 * Reads JSON text in UTF-8, as `JSON.parse` does: the last of equal keys counts, and a number beyond a double's range
 * is infinite. Unlike there, a lone surrogate becomes U+FFFD, so that a string means the same in either encoding.
 *
 * Throws {@link Malformed} for anything else, for too much depth and for keys that could change a prototype.
 */
export function readJson(bytes: Uint8Array): unknown {
  if (!withinDepth(bytes, MAX_DEPTH)) throw new Malformed(`nested more than ${MAX_DEPTH} deep`);
  const text = wellFormed(textOf(bytes, 0, bytes.length));
  try {
    return parse(text, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw new Malformed(isForbidden(cause) ? "a key that could change a prototype" : "text that is not JSON");
  }
}

/** secure-json-parse has one class of error for both, so its words must tell; a vector notices if they change. */
function isForbidden(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("Object contains forbidden");
}

const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Every escape in turn, so that a backslash is never mistaken for the start of one: pairs, halves, all others. */
const ESCAPES = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|.)/gs;
const HALF = 6;

function wellFormed(json: string): string {
  if (!SURROGATE.test(json)) return json;
  return json.replace(ESCAPES, (found) => (found.length === HALF ? "\\ufffd" : found));
}
