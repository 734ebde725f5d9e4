/// <reference lib="es2024.string" />
import { types } from "node:util";
import { asGiven, type Shape } from "@muove/contract/internal";
import type { Encoding } from "./encoding.js";
import { maxBigintBytes } from "./extensions.js";
import { isIndex } from "./index-keys.js";
import { Layout } from "./layout.js";
import { maxDepth } from "./limits.js";
import { isPoison } from "./poison.js";
import { Unencodable } from "./unencodable.js";
import {
  arrayWeight,
  bigintWeight,
  bytesWeight,
  collisionWeight,
  freeKeys,
  indexedWeight,
  instantWeight,
  layoutWeight,
  mapWeight,
  narrowMap,
  pairsWeight,
  setWeight,
  textWeight,
} from "./weight.js";

type Fields = Record<string, unknown>;

/** A value as it is sent. It can be checked before it is {@link written}. */
export interface Plain {
  readonly encoding: Encoding;
  /** What a receiver gets. */
  readonly value: unknown;
  /** See `weight.ts`. */
  readonly weight: number;
}

/**
 * Reduces `value` to the plain data that a receiver gets: null, booleans, well-formed strings, numbers, arrays and
 * plain objects, plus bytes, dates, bigints, Maps and Sets for MessagePack.
 *
 * Parts that need no change are returned as they are, so a typical message is walked once and never copied. `value` is
 * not modified.
 *
 * @param shape which keys to leave out. Default: none.
 * @throws {Unencodable} for a value that cannot be sent; see {@link encode}.
 */
export function plain(value: unknown, encoding: Encoding, shape: Shape = asGiven): Plain {
  return new Walk(value, encoding, shape);
}

// Invariants:
// PLAIN-1 `depth` containers are open around the visited value, and `#path[0..depth)` leads to it. Later entries are
//   stale.
// PLAIN-2 `#visit` returns what a receiver gets, of the same classes, so that a schema finds before it is sent what it
//   would find there. A writer need not call any of its methods.
// PLAIN-3 `weight` is at least the weight that any reader computes for what `#visit` returned. It is never less.

/** One walk through a value. */
class Walk implements Plain {
  readonly encoding: Encoding;
  readonly value: unknown;
  readonly #root: unknown;
  readonly #json: boolean;
  /** Most values are not deeper. An empty array would make room for 17 with its first element. */
  readonly #path = new Array<string | number>(4);
  #weight = 0;
  #keys = 0;
  #layouts: Layout | undefined;

  constructor(root: unknown, encoding: Encoding, shape: Shape) {
    this.encoding = encoding;
    this.#root = root;
    this.#json = encoding === "json";
    this.value = this.#visit(root, 0, shape);
  }

  get weight(): number {
    return this.#weight;
  }

  #visit(value: unknown, depth: number, shape: Shape): unknown {
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
        return value === null ? null : this.#object(value, depth, shape);
      default:
        throw this.#unencodable(`a ${typeof value}`, depth);
    }
  }

  #number(value: number, depth: number): number {
    if (this.#json && !Number.isFinite(value)) throw this.#unencodable(`JSON has no ${value}`, depth);
    return value;
  }

  #bigint(value: bigint, depth: number): bigint {
    const bits = 8 * maxBigintBytes;
    if (BigInt.asIntN(bits, value) !== value)
      throw this.#unencodable(`a bigint of more than ${maxBigintBytes} bytes; send bytes`, depth);
    this.#weight += bigintWeight;
    return this.#only(value, "a bigint is", depth);
  }

  #object(value: object, depth: number, shape: Shape): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#fields(value as Fields, false, depth, shape);
    if (Array.isArray(value)) return this.#elements(value, depth, shape);
    return this.#instance(value, depth, shape);
  }

  /** Built-in classes keep their content in internal slots, so sending their keys would lose it. */
  #instance(value: object, depth: number, shape: Shape): unknown {
    // `instanceof` fails for objects of another realm, such as those of some test runners.
    if (types.isUint8Array(value)) return this.#bytes(value, depth);
    if (types.isDate(value)) return this.#date(value, depth);
    if (types.isMap(value)) return this.#map(own(value, Map), depth);
    if (types.isSet(value)) return this.#set(own(value, Set), depth);
    const name = Object.prototype.toString.call(value).slice(8, -1);
    if (name !== "Object") throw this.#unencodable(`a ${name}; send a plain object, an array or a string`, depth);
    return this.#fields(value as Fields, true, depth, shape);
  }

  #bytes(value: Uint8Array, depth: number): Uint8Array {
    this.#weight += bytesWeight;
    const { buffer, byteOffset, byteLength } = value;
    const isOwn = Object.getPrototypeOf(value) === Uint8Array.prototype;
    return this.#only(isOwn ? value : new Uint8Array(buffer, byteOffset, byteLength), "bytes are", depth);
  }

  #date(value: Date, depth: number): Date {
    this.#weight += instantWeight;
    const date = own(value, Date);
    if (Number.isNaN(date.getTime())) throw this.#unencodable("an invalid date", depth);
    return this.#only(date, "a date is", depth);
  }

  #only<T>(value: T, what: string, depth: number): T {
    if (this.#json) throw this.#unencodable(`${what} MessagePack-only, and this message is JSON; send a string`, depth);
    return value;
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): ReadonlyMap<unknown, unknown> {
    this.#only(map, "a Map is", depth);
    this.#open(depth);
    this.#weight += pairsWeight(map.size);
    const copy = new Map<unknown, unknown>();
    let changed = false;
    for (const [key, value] of map) {
      this.#path[depth] = typeof key === "string" ? key : copy.size;
      this.#weight += collisionWeight(key, copy.size);
      const [sentKey, sent] = [this.#member(key, depth + 1), this.#member(value, depth + 1)];
      if (copy.has(sentKey)) throw this.#unencodable("two keys that are the same once sent", depth + 1);
      changed ||= !Object.is(sentKey, key) || !Object.is(sent, value);
      copy.set(sentKey, sent);
    }
    return changed ? copy : map;
  }

  #set(set: ReadonlySet<unknown>, depth: number): ReadonlySet<unknown> {
    this.#only(set, "a Set is", depth);
    this.#open(depth);
    this.#weight += setWeight(set.size);
    const copy = new Set<unknown>();
    let changed = false;
    for (const member of set) {
      this.#path[depth] = copy.size;
      this.#weight += collisionWeight(member, copy.size);
      const sent = this.#member(member, depth + 1);
      if (copy.has(sent)) throw this.#unencodable("two members that are the same once sent", depth + 1);
      changed ||= !Object.is(sent, member);
      copy.add(sent);
    }
    return changed ? copy : set;
  }

  #elements(array: readonly unknown[], depth: number, shape: Shape): unknown[] {
    this.#open(depth);
    this.#weight += arrayWeight(array.length);
    let copy: unknown[] | undefined;
    for (let i = 0; i < array.length; i++) {
      const was = array[i];
      this.#path[depth] = i;
      const is = this.#member(was, depth + 1, shape.items);
      if (is !== was && copy === undefined && !Number.isNaN(is)) copy = array.slice(0, i);
      copy?.push(is);
    }
    return copy ?? (array as unknown[]);
  }

  /** A part that cannot be left out. */
  #member(value: unknown, depth: number, shape: Shape = asGiven): unknown {
    if (value === undefined) throw this.#unencodable("undefined can only be left out as a key; send null", depth);
    return this.#visit(value, depth, shape);
  }

  #fields(object: Fields, foreign: boolean, depth: number, shape: Shape): Fields {
    this.#open(depth);
    const keys = Object.keys(object);
    let layout = this.#opened(keys);
    let left = 0;
    let copy: Fields | undefined = foreign ? {} : undefined;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const inner = shape === asGiven ? asGiven : shapeAt(shape, key, i);
      const was = inner === undefined ? undefined : object[key];
      if (inner === undefined || was === undefined) {
        left++;
        copy ??= pick(object, keys, i);
        continue;
      }
      this.#path[depth] = key;
      if (isPoison(key, was)) throw this.#unencodable("a key that could change a prototype", depth + 1);
      const name = key.toWellFormed();
      if (layout !== undefined) layout = this.#after(layout, name, i - left);
      const is = this.#visit(was, depth + 1, inner);
      if (name !== key || (is !== was && !Number.isNaN(is))) copy ??= pick(object, keys, i);
      if (copy !== undefined) copy[name] = is;
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
      at = partOf(at, this.#path[i] as string | number);
    }
    return false;
  }

  #unencodable(reason: string, depth: number): Unencodable {
    return new Unencodable(reason, this.#path.slice(0, depth));
  }
}

/** The shape of a key, the one at `index` of its object; `undefined` if it is left out. */
function shapeAt(shape: Shape, key: string, index: number): Shape | undefined {
  if (shape.names[index] === key) return shape.shapes[index];
  return shape.fields.get(key) ?? shape.others;
}

/** The value itself, or a copy of exactly that class, which is what a receiver makes. */
function own<T extends object>(value: T, of: new (value: T) => T): T {
  return Object.getPrototypeOf(value) === of.prototype ? value : new of(value);
}

function partOf(whole: unknown, step: string | number): unknown {
  if (whole instanceof Map) return typeof step === "string" ? whole.get(step) : [...whole.values()][step];
  return whole instanceof Set ? [...whole][step as number] : (whole as Fields)[step];
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
