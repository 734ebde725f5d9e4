import { isIndex, nine } from "./index-keys.js";
import { keyOf } from "./key-cache.js";
import { Layout, repeats } from "./layout.js";
import { maxDepth } from "./limits.js";
import { inexact, Malformed } from "./malformed.js";
import { textOf } from "./text.js";
import {
  arrayWeight,
  entryWeight,
  freeKeys,
  indexedWeight,
  layoutWeight,
  mapWeight,
  narrowMap,
  textWeight,
  tooHeavy,
  weightLimit,
} from "./weight.js";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const brace = 0x7b;
const minus = 0x2d;
const zero = 0x30;
const plus = 0x2b;

/**
 * Throws {@link Malformed} if JSON text nests too deep, weighs too much, or has an integer that a double would change.
 * Returns whether a number in it may be beyond
 * the range of a double. The text must be UTF-8. If it is not valid JSON, the result after the first error is
 * arbitrary, since the parser stops there.
 */
export function checkJson(json: Uint8Array): boolean {
  return new Check(json).mayOverflow();
}

/** 10^308 has 309 digits, so a shorter number can overflow only with an exponent of three digits. */
const longestFinite = 308;
const longestExponent = "e99".length;

/** Integers of so many digits are exact. */
const exactDigits = 15;
const summedDigits = 18;

/** Stored instead of a map's number of keys, for an array. */
const arrayMark = -1;

// Invariants:
// JSON-CHECK-1 `#depth` arrays and maps are open, at most maxDepth. `#sizes`, `#layouts` and `#indexed` hold their
//   state up to there.
// JSON-CHECK-2 `#from` and `#to` delimit the last string. A colon after it makes it a key.
// JSON-CHECK-3 The weight is never more than the writer computes (PLAIN-3 in `plain.ts`).
class Check {
  readonly #json: Uint8Array;
  readonly #sizes: number[] = [arrayMark];
  readonly #layouts: (Layout | undefined)[] = [undefined];
  readonly #indexed: boolean[] = [false];
  #room: number;
  #root: Layout | undefined;
  #mayOverflow = false;
  #keys = 0;
  #depth = 0;
  #from = 0;
  #to = 0;

  constructor(json: Uint8Array) {
    this.#json = json;
    this.#room = weightLimit(json.length);
  }

  mayOverflow(): boolean {
    const json = this.#json;
    for (let at = 0; at < json.length; at++) {
      const byte = json[at] as number;
      if (byte === quote) at = this.#string(at);
      else if (byte === comma) this.#comma();
      else if (byte >= minus && byte <= nine) at = this.#number(at);
      else if (byte === colon) this.#colon();
      else if (isOpening(byte)) this.#open(byte);
      else if (isClosing(byte) && this.#depth-- === 0) break;
    }
    this.#weigh(0);
    return this.#mayOverflow;
  }

  #string(start: number): number {
    const json = this.#json;
    let at = start + 1;
    while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    this.#from = start + 1;
    this.#to = at;
    this.#room -= textWeight;
    return at;
  }

  #comma(): void {
    if (this.#sizes[this.#depth] === arrayMark) this.#room--;
  }

  /** The last string was a key, and a key's weight is that of its entry. */
  #colon(): void {
    const depth = this.#depth;
    const before = this.#sizes[depth] as number;
    if (before === arrayMark) return;
    this.#keys++;
    this.#sizes[depth] = before + 1;
    this.#room -= entryWeight(before) - textWeight;
    const layout = this.#layouts[depth];
    if (layout !== undefined && before < narrowMap) this.#layouts[depth] = this.#after(layout);
    if (!this.#indexed[depth] && this.#isIndex()) {
      this.#indexed[depth] = true;
      this.#weigh(indexedWeight);
    }
  }

  #isIndex(): boolean {
    const first = this.#json[this.#from] as number;
    if (!(first > minus && first <= nine) && first !== backslash) return false;
    const key = this.#key();
    return isIndex(key.includes("\\") ? unescaped(key) : key);
  }

  #after(layout: Layout): Layout {
    const from = this.#from;
    const to = this.#to + 1;
    const { next } = layout;
    if (next !== undefined && to - from === next.to - next.from && repeats(next, this.#json, from)) return next;
    const key = this.#key();
    const known = layout.after(key);
    if (known !== undefined) return known;
    this.#weigh(layoutWeight);
    return layout.grow(key, from, to);
  }

  #key(): string {
    return keyOf(this.#json, this.#from, this.#to);
  }

  #number(start: number): number {
    const json = this.#json;
    let exponent = 0;
    let signs = json[start] === minus || (json[start] as number) >= zero ? 0 : 1;
    let at = start + 1;
    for (; at < json.length; at++) {
      const byte = json[at] as number;
      if ((byte | 0x20) === 0x65) exponent = at;
      else if (byte >= minus && byte < zero) signs++;
      else if (!((byte >= minus && byte <= nine) || byte === plus)) break;
    }
    const large = exponent > 0 && at - exponent > longestExponent && json[exponent + 1] !== minus;
    if (large || at - start > longestFinite) this.#mayOverflow = true;
    else if (at - start > exactDigits && exponent === 0 && signs === 0) this.#integer(start, at);
    return at - 1;
  }

  #integer(start: number, end: number): void {
    const first = this.#json[start] === minus ? start + 1 : start;
    if (end - first <= summedDigits && isSumExact(this.#json, first, end)) return;
    if (!isExact(textOf(this.#json, first, end))) throw new Malformed(inexact);
  }

  #open(byte: number): void {
    const depth = ++this.#depth;
    if (depth > maxDepth) throw new Malformed(`nested more than ${maxDepth} deep`);
    const isMap = byte === brace;
    this.#sizes[depth] = isMap ? 0 : arrayMark;
    this.#layouts[depth] = isMap && this.#keys > freeKeys ? this.#start() : undefined;
    this.#indexed[depth] = false;
    this.#weigh(isMap ? mapWeight(0) : arrayWeight(0));
  }

  #start(): Layout {
    this.#root ??= new Layout();
    return this.#root;
  }

  #weigh(weight: number): void {
    this.#room -= weight;
    if (this.#room < 0) throw new Malformed(tooHeavy);
  }
}

/** The last 8 digits, and up to 10 before them, are exact by themselves; so only their sum is rounded. */
function isSumExact(json: Uint8Array, from: number, to: number): boolean {
  const upper = digitsOf(json, from, to - 8) * 1e8;
  const lower = digitsOf(json, to - 8, to);
  return upper + lower - upper === lower;
}

function digitsOf(json: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) number = number * 10 + (json[i] as number) - zero;
  return number;
}

/** JavaScript writes the shortest digits that give the same double, so those are what its sender has. */
function isExact(digits: string): boolean {
  const number = Number(digits);
  if (!Number.isFinite(number)) return true; // It is no number, or too large for one. The parser says so.
  return String(number) === digits || BigInt(number) === BigInt(digits);
}

/** Unescapes a string literal. Returns "" if it is not valid JSON; the parser reports that later. */
function unescaped(written: string): string {
  try {
    return JSON.parse(`"${written}"`);
  } catch {
    return "";
  }
}

/** Brackets and braces differ in one bit: `[` 0x5b, `{` 0x7b. */
function isOpening(byte: number): boolean {
  return (byte | 0x20) === brace;
}

function isClosing(byte: number): boolean {
  return (byte | 0x20) === 0x7d;
}
