import { createHash } from "node:crypto";
import { canonicalKey, decode, encode } from "../codec/index.js";

interface Kept {
  readonly payload: Uint8Array;
  readonly at: number;
}

/** How much to keep. */
interface Bounds {
  readonly entries: number;
  /** For keys and answers together. */
  readonly maxBytes: number;
}

/** An upper estimate of an entry's size without its key and its answer. */
const entrySize = 128;

/**
 * The last known answers to one message, by canonical input. The least recently used is evicted first.
 *
 * MEMORY-1 It keeps encoded copies of exact size, so nobody can modify them and they retain no larger buffer.
 * MEMORY-2 It never holds more entries than the largest `entries`, or more bytes than the largest `maxBytes`, of all
 *   fallbacks of this message, whatever callees answer. A larger answer is not kept, and the previous answer to its
 *   input is dropped.
 */
export class Memory {
  readonly #kept = new Map<string, Kept>();
  #entries = 0;
  #maxBytes = 0;
  #bytes = 0;

  /** Bytes in use. */
  get bytes(): number {
    return this.#bytes;
  }

  keep(input: unknown, value: unknown, { entries, maxBytes }: Bounds): void {
    this.#entries = Math.max(this.#entries, entries);
    this.#maxBytes = Math.max(this.#maxBytes, maxBytes);
    const [key, payload] = [keyOf(input), encode(value, "msgpack")];
    this.#drop(key);
    if (sizeOf(key, payload) > this.#maxBytes) return;
    this.#add(key, { payload: new Uint8Array(payload), at: performance.now() });
    while (this.#kept.size > this.#entries || this.#bytes > this.#maxBytes) this.#dropLeastRecentlyUsed();
  }

  /** The last answer to this input and its age in ms. Undefined if there is none, or if it is older than `maxAge`. */
  recall(input: unknown, maxAge: number): { readonly value: unknown; readonly age: number } | undefined {
    const key = keyOf(input);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const age = performance.now() - kept.at;
    if (age > maxAge) return undefined;
    this.#drop(key);
    this.#add(key, kept);
    return { value: decode(kept.payload).value, age: Math.round(age) };
  }

  /** A map keeps insertion order, so the last entry was used last. */
  #add(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    this.#bytes += sizeOf(key, kept.payload);
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= sizeOf(key, kept.payload);
  }

  #dropLeastRecentlyUsed(): void {
    const [first] = this.#kept.keys();
    if (first !== undefined) this.#drop(first);
  }
}

const sizeOf = (key: string, payload: Uint8Array): number => entrySize + key.length + payload.length;

/** An input may be large, so a long key is replaced by its hash. No canonical key begins with "=". */
function keyOf(input: unknown): string {
  const key = canonicalKey(input);
  return key.length <= 64 ? key : `=${createHash("sha256").update(key).digest("base64")}`;
}
