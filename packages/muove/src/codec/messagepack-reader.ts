import { bigintAt, bigintType, mapType, setType } from "./extensions.js";
import { isIndex, nine, withIndexes } from "./index-keys.js";
import { keyOf } from "./key-cache.js";
import { Layout, repeats } from "./layout.js";
import { maxDepth } from "./limits.js";
import { inexact, Malformed } from "./malformed.js";
import { float32, float64, uint16, uint32 } from "./numbers.js";
import { isPoison } from "./poison.js";
import { textOf } from "./text.js";
import { timestampAt, timestampType } from "./timestamp.js";
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
  tooHeavy,
  weightLimit,
} from "./weight.js";

// Invariants:
// MESSAGEPACK-READER-1 It never reads past the end, and reads no byte twice: every step goes through `take` or `byte`,
//   and the content of an extension is skipped first, then read.
// MESSAGEPACK-READER-2 Every allocation is weighed before it is made, claimed lengths included, and the total never
//   exceeds `#room`. (A length that the remaining bytes cannot hold is refused at once: an element takes at least one
//   byte, a map entry two.)
// MESSAGEPACK-READER-3 `depth` is the number of open arrays and maps. It never exceeds maxDepth, which bounds the
//   stack.
// MESSAGEPACK-READER-4 A returned value shares no memory with the bytes.

const poisonKey = "a key that could change a prototype";

/**
 * Reads one MessagePack value that fills `bytes` exactly. Throws {@link Malformed} otherwise.
 *
 * It reads and checks in one pass on purpose. A separate check in front of another library's reader works only if both
 * interpret every byte in the same way. (msgpackr's reader, which this replaces, moves timestamps into the next second,
 * drops a leading U+FEFF from long strings only, runs its own extensions, and is slower.)
 */
export function readMessagePack(bytes: Uint8Array): unknown {
  return new Reader(bytes).whole();
}

class Reader {
  readonly #bytes: Uint8Array;
  #room: number;
  #keys = 0;
  #layouts: Layout | undefined;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#room = weightLimit(bytes.length);
  }

  whole(): unknown {
    const value = this.#value();
    if (this.#at !== this.#bytes.length) throw this.#malformed("bytes after the value");
    this.#weigh(0);
    return value;
  }

  #value(): unknown {
    const head = this.#byte();
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f);
    if (head < 0xa0) return this.#array(head & 0x0f);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    if (head >= 0xca && head <= 0xd3) return this.#number(head);
    return this.#other(head);
  }

  #other(head: number): unknown {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#length(head - 0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#length(head - 0xc7));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#length(head - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#length(head - 0xdb));
      case 0xde:
      case 0xdf:
        return this.#map(this.#length(head - 0xdd));
      default:
        throw this.#malformed("the byte 0xc1, which MessagePack does not use");
    }
  }

  #number(head: number): number {
    switch (head) {
      case 0xca:
        return float32(this.#bytes, this.#take(4));
      case 0xcb:
        return float64(this.#bytes, this.#take(8));
      case 0xcc:
        return this.#byte();
      case 0xcd:
        return uint16(this.#bytes, this.#take(2));
      case 0xce:
        return uint32(this.#bytes, this.#take(4));
      case 0xd0:
        return (this.#byte() << 24) >> 24;
      case 0xd1:
        return (uint16(this.#bytes, this.#take(2)) << 16) >> 16;
      case 0xd2:
        return uint32(this.#bytes, this.#take(4)) | 0;
      default:
        return this.#wide(head === 0xd3);
    }
  }

  /** Adding two halves gives the number nearest to a 64-bit integer, because only the sum is rounded. */
  #wide(signed: boolean): number {
    const at = this.#take(8);
    const [high, low] = [uint32(this.#bytes, at), uint32(this.#bytes, at + 4)];
    const upper = signed ? high | 0 : high;
    const number = upper * 2 ** 32 + low;
    if (!Number.isSafeInteger(number) && BigInt(number) !== BigInt(upper) * 2n ** 32n + BigInt(low))
      throw this.#malformed(inexact);
    return number;
  }

  #map(size: number): object {
    this.#open(mapWeight(size), 2 * size);
    this.#keys += size;
    let layout = this.#keys > freeKeys ? this.#root() : undefined;
    const map: Record<string, unknown> = {};
    for (let i = 0; i < size; i++) {
      if (layout !== undefined) layout = i < narrowMap ? this.#after(layout) : undefined;
      const key = layout === undefined ? this.#key() : layout.key;
      if (key.charCodeAt(0) <= nine && isIndex(key)) return this.#indexed(map, key, size - i, layout);
      const value = this.#value();
      if (isPoison(key, value)) throw this.#malformed(poisonKey);
      map[key] = value;
    }
    this.#depth--;
    return map;
  }

  #root(): Layout {
    this.#layouts ??= new Layout();
    return this.#layouts;
  }

  /** Reads a key and follows its layout. */
  #after(layout: Layout): Layout {
    const from = this.#at;
    const { next } = layout;
    if (next !== undefined && repeats(next, this.#bytes, from)) {
      this.#at += next.to - next.from;
      return next;
    }
    const key = this.#key();
    const known = layout.after(key);
    if (known !== undefined) return known;
    this.#weigh(layoutWeight);
    return layout.grow(key, from, this.#at);
  }

  /** Reads the last `left` entries of a map; the first of them has an index as its key. */
  #indexed(map: Record<string, unknown>, first: string, left: number, start: Layout | undefined): object {
    this.#weigh(indexedWeight);
    const keys = Object.keys(map);
    const values = Object.values(map);
    const indexes: string[] = [];
    let layout = start;
    for (let i = 0; i < left; i++) {
      if (i > 0 && layout !== undefined) layout = keys.length < narrowMap ? this.#after(layout) : undefined;
      const key = i === 0 ? first : (layout?.key ?? this.#key());
      const value = this.#value();
      if (isPoison(key, value)) throw this.#malformed(poisonKey);
      if (isIndex(key)) indexes.push(key);
      keys.push(key);
      values.push(value);
    }
    this.#depth--;
    return withIndexes(indexes, keys, values);
  }

  #array(size: number): unknown[] {
    this.#open(arrayWeight(size), size);
    const array: unknown[] = new Array(size);
    for (let i = 0; i < size; i++) array[i] = this.#value();
    this.#depth--;
    return array;
  }

  #key(): string {
    const head = this.#byte();
    let length: number;
    if (head >= 0xa0 && head < 0xc0) length = head & 0x1f;
    else if (head >= 0xd9 && head <= 0xdb) length = this.#length(head - 0xd9);
    else throw this.#malformed("a key that is not a string");
    const from = this.#take(length);
    return keyOf(this.#bytes, from, from + length);
  }

  #text(length: number): string {
    this.#room -= textWeight; // Checked when the next value opens: a string is not much larger than its bytes.
    const from = this.#take(length);
    return textOf(this.#bytes, from, from + length);
  }

  #binary(length: number): Uint8Array {
    this.#weigh(bytesWeight);
    const from = this.#take(length);
    return new Uint8Array(this.#bytes.subarray(from, from + length));
  }

  #extension(length: number): unknown {
    const type = (this.#byte() << 24) >> 24;
    const from = this.#take(length);
    switch (type) {
      case timestampType:
        this.#weigh(instantWeight);
        return timestampAt(this.#bytes, from, length);
      case bigintType:
        this.#weigh(bigintWeight);
        return bigintAt(this.#bytes, from, length);
      case mapType:
        return this.#within(from, () => this.#pairs());
      case setType:
        return this.#within(from, () => this.#set());
      default:
        throw this.#malformed(`an unknown extension of type ${type}`);
    }
  }

  /** Reads the one array that an extension consists of, from `from` up to where it ends. */
  #within<T>(from: number, read: () => T): T {
    const end = this.#at;
    this.#at = from;
    const value = read();
    if (this.#at !== end) throw this.#malformed("an extension that is not one array");
    return value;
  }

  #set(): Set<unknown> {
    const size = this.#arraySize();
    this.#open(setWeight(size), size);
    const set = new Set<unknown>();
    for (let i = 0; i < size; i++) {
      const member = this.#value();
      this.#weigh(collisionWeight(member, i));
      set.add(member);
    }
    this.#depth--;
    return set;
  }

  #pairs(): Map<unknown, unknown> {
    const size = this.#arraySize();
    if (size % 2 !== 0) throw this.#malformed("a Map with a key without a value");
    this.#open(pairsWeight(size / 2), size);
    const map = new Map<unknown, unknown>();
    for (let i = 0; i < size / 2; i++) {
      const key = this.#value();
      this.#weigh(collisionWeight(key, i));
      map.set(key, this.#value());
    }
    this.#depth--;
    return map;
  }

  #arraySize(): number {
    const head = this.#byte();
    if (head >= 0x90 && head < 0xa0) return head & 0x0f;
    if (head === 0xdc || head === 0xdd) return this.#length(head - 0xdb);
    throw this.#malformed("an extension that is not one array");
  }

  /** Reads a length of `2 ** power` bytes: 1, 2 or 4. */
  #length(power: number): number {
    if (power === 0) return this.#byte();
    return power === 1 ? uint16(this.#bytes, this.#take(2)) : uint32(this.#bytes, this.#take(4));
  }

  #open(weight: number, least: number): void {
    if (least > this.#bytes.length - this.#at) throw this.#malformed("it ends before its value does");
    this.#room -= weight;
    if (this.#room < 0) throw this.#malformed(tooHeavy);
    if (++this.#depth > maxDepth) throw this.#malformed(`nested more than ${maxDepth} deep`);
  }

  #weigh(weight: number): void {
    this.#room -= weight;
    if (this.#room < 0) throw this.#malformed(tooHeavy);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#malformed("it ends before its value does");
    this.#at++;
    return byte;
  }

  /** Skips `count` bytes and returns where they start. */
  #take(count: number): number {
    const from = this.#at;
    if (count > this.#bytes.length - from) throw this.#malformed("it ends before its value does");
    this.#at = from + count;
    return from;
  }

  #malformed(reason: string): Malformed {
    return new Malformed(reason, this.#at);
  }
}
