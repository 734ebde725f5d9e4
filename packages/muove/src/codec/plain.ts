/// <reference lib="es2024.string" />
import type { Encoding } from "./encoding.js";
import { isIndex } from "./index-keys.js";
import { Layout } from "./layout.js";
import { maxDepth } from "./limits.js";
import { isPoison } from "./poison.js";
import { Unencodable } from "./unencodable.js";
import {
  arrayWeight,
  bytesWeight,
  freeKeys,
  indexedWeight,
  instantWeight,
  layoutWeight,
  mapWeight,
  narrowMap,
  textWeight,
} from "./weight.js";

type Fields = Record<string, unknown>;

/**
 * Reduces `value` to the plain data that goes on the wire: null, booleans, well-formed strings, numbers, arrays and
 * plain objects, plus bytes, dates and bigints for MessagePack.
 *
 * Parts that need no change are returned as they are, so a typical message is walked once and never copied. `value` is
 * not modified.
 *
 * @throws {Unencodable} for a value that cannot be sent; see {@link encode}.
 */
export function plain(value: unknown, encoding: Encoding): unknown {
  return new Walk(value, encoding).visit(value, 0);
}

// Invariants:
// PLAIN-1 `depth` containers are open around the visited value, and `#path[0..depth)` leads to it. Later entries are
//   stale.
// PLAIN-2 Any MessagePack or JSON writer can write what `visit` returns without calling any of its methods.
// PLAIN-3 `weight` is at least the weight that any reader computes for what `visit` returned. It is never less.

/** One walk through a value. It produces the plain data and its weight. */
export class Walk {
  readonly #root: unknown;
  readonly #json: boolean;
  readonly #path: (string | number)[] = [];
  #weight = 0;
  #keys = 0;
  #layouts: Layout | undefined;

  constructor(root: unknown, encoding: Encoding) {
    this.#root = root;
    this.#json = encoding === "json";
  }

  get weight(): number {
    return this.#weight;
  }

  visit(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "string":
        this.#weight += textWeight;
        return value.toWellFormed();
      case "number":
        return this.#number(value, depth);
      case "boolean":
      case "undefined":
        return value;
      case "bigint":
        return this.#bigint(value, depth);
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        throw this.#unencodable(`a ${typeof value}`, depth);
    }
  }

  #number(value: number, depth: number): number {
    if (this.#json && !Number.isFinite(value)) throw this.#unencodable(`JSON has no ${value}`, depth);
    return value;
  }

  #bigint(value: bigint, depth: number): bigint | number {
    if (!this.#json) {
      if (value >= -(2n ** 63n) && value < 2n ** 64n) return value;
      throw this.#unencodable("a bigint beyond 64 bits; send a string", depth);
    }
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw this.#unencodable("a bigint beyond 2^53 in JSON; send a string, or use MessagePack", depth);
  }

  #object(value: object, depth: number): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#fields(value as Fields, false, depth);
    if (Array.isArray(value)) return this.#elements(value, depth);
    if (value instanceof Uint8Array) return this.#bytes(value, depth);
    if (value instanceof Date) return this.#date(value, depth);
    return this.#instance(value, depth);
  }

  /** Built-in classes keep their content in internal slots, so sending their keys would lose it. */
  #instance(value: object, depth: number): unknown {
    const name = Object.prototype.toString.call(value).slice(8, -1);
    // `instanceof` fails for objects of another realm, such as those of some test runners.
    if (name === "Date") return this.#date(new Date(Number(value)), depth);
    if (name === "Uint8Array") return this.#bytes(new Uint8Array(value as Uint8Array), depth);
    if (name !== "Object") throw this.#unencodable(`a ${name}; send a plain object, an array or a string`, depth);
    return this.#fields(value as Fields, true, depth);
  }

  #bytes(value: Uint8Array, depth: number): Uint8Array {
    this.#weight += bytesWeight;
    return this.#only(value, "bytes are", depth);
  }

  #date(value: Date, depth: number): Date {
    this.#weight += instantWeight;
    if (Number.isNaN(value.getTime())) throw this.#unencodable("an invalid date", depth);
    return this.#only(value, "a date is", depth);
  }

  #only<T>(value: T, what: string, depth: number): T {
    if (this.#json) throw this.#unencodable(`${what} MessagePack-only, and this message is JSON; send a string`, depth);
    return value;
  }

  #elements(array: readonly unknown[], depth: number): unknown[] {
    this.#open(depth);
    this.#weight += arrayWeight(array.length);
    let copy: unknown[] | undefined;
    for (let i = 0; i < array.length; i++) {
      const was = array[i];
      this.#path[depth] = i;
      const is = this.visit(was, depth + 1) ?? null;
      if (is !== was && copy === undefined && !Number.isNaN(is)) copy = array.slice(0, i);
      copy?.push(is);
    }
    return copy ?? (array as unknown[]);
  }

  #fields(object: Fields, foreign: boolean, depth: number): Fields {
    this.#open(depth);
    const keys = Object.keys(object);
    let layout = this.#opened(keys);
    let left = 0;
    let copy: Fields | undefined = foreign ? {} : undefined;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const was = object[key];
      this.#path[depth] = key;
      if (isPoison(key, was)) throw this.#unencodable("a key that could change a prototype", depth + 1);
      const name = key.toWellFormed();
      if (was === undefined) left++;
      else if (layout !== undefined) layout = this.#after(layout, name, i - left);
      const is = this.visit(was, depth + 1);
      const same = is === was ? is !== undefined && name === key : Number.isNaN(is);
      if (!same) copy ??= pick(object, keys, i);
      if (copy !== undefined && is !== undefined) copy[name] = is;
    }
    if (left > 0) this.#weight -= mapWeight(keys.length) - mapWeight(keys.length - left);
    return copy ?? object;
  }

  /** Weighs a map. Returns the root layout if layouts are weighed by now. */
  #opened(keys: readonly string[]): Layout | undefined {
    this.#weight += mapWeight(keys.length);
    const first = keys[0];
    if (first !== undefined && isIndex(first)) this.#weight += indexedWeight; // An object lists its indexes first.
    this.#keys += keys.length;
    if (this.#keys <= freeKeys) return undefined;
    this.#layouts ??= new Layout();
    return this.#layouts;
  }

  #after(layout: Layout, key: string, before: number): Layout {
    if (before >= narrowMap) return layout;
    const known = layout.after(key);
    if (known !== undefined) return known;
    this.#weight += layoutWeight;
    return layout.grow(key);
  }

  #open(depth: number): void {
    if (depth < maxDepth) return;
    if (this.#isCycle(depth)) throw this.#unencodable("it contains itself", depth);
    throw this.#unencodable(`nested more than ${maxDepth} deep`, depth);
  }

  /** Called only when a value is too deep, which every cycle is. */
  #isCycle(depth: number): boolean {
    const seen = new Set<unknown>();
    let at = this.#root;
    for (let i = 0; i <= depth; i++) {
      if (seen.has(at)) return true;
      seen.add(at);
      at = (at as Fields)[this.#path[i] as string];
    }
    return false;
  }

  #unencodable(reason: string, depth: number): Unencodable {
    return new Unencodable(reason, this.#path.slice(0, depth));
  }
}

/** Copies the first `count` keys, none of which needed a change. */
function pick(object: Fields, keys: readonly string[], count: number): Fields {
  const copy: Fields = {};
  for (let i = 0; i < count; i++) {
    const key = keys[i] as string;
    copy[key] = object[key];
  }
  return copy;
}
