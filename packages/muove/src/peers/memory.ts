import { createHash } from "node:crypto";
import { canonicalKey, decode, encode } from "../codec/index.js";

interface Kept {
  readonly payload: Uint8Array;
  readonly at: number;
}

/** How much may be kept. */
interface Bounds {
  readonly entries: number;
  /** Of keys and answers together. */
  readonly maxBytes: number;
}

/** What an entry takes beside its key and its answer, or rather less. */
const entrySize = 128;

/**
 * The last known answers to one message, by canonical input; the least recently used goes first.
 *
 * MEMORY-1 Holds encoded copies only, of their own size, so nobody can change what is kept and nothing larger is kept
 *   alive.
 * MEMORY-2 Never holds more than the largest `entries` that any fallback of this message has asked for, nor more bytes
 *   than the largest `maxBytes`, whatever callees answer. An answer that is larger than that is not kept, and lets go
 *   of the one before it.
 */
export class Memory {
  readonly #kept = new Map<string, Kept>();
  #entries = 0;
  #maxBytes = 0;
  #bytes = 0;

  /** How much it holds. */
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

  /** The last answer to this input and its age in ms; nothing when there is none that is young enough. */
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

  /** A map keeps the order of insertion: the last one in was used last. */
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

/** An input may be large, and is only to be told from others. No canonical key begins as a hash does here. */
function keyOf(input: unknown): string {
  const key = canonicalKey(input);
  return key.length <= 64 ? key : `=${createHash("sha256").update(key).digest("base64")}`;
}
