import { canonicalKey, decode, encode } from "../codec/index.js";

interface Kept {
  readonly payload: Uint8Array;
  readonly at: number;
}

/**
 * The last known answers to one message, by canonical input; the least recently used goes first.
 *
 * M1 Holds encoded copies only, of their own size, so nobody can change what is kept and nothing larger is kept alive.
 * M2 Never holds more than the largest `entries` that any fallback of this message has asked for.
 */
export class Memory {
  readonly #kept = new Map<string, Kept>();
  #entries = 0;

  keep(input: unknown, value: unknown, entries: number): void {
    this.#entries = Math.max(this.#entries, entries);
    this.#put(canonicalKey(input), { payload: new Uint8Array(encode(value, "msgpack")), at: performance.now() });
    if (this.#kept.size > this.#entries) this.#dropLeastRecentlyUsed();
  }

  /** The last answer to this input and its age in ms; nothing when there is none that is young enough. */
  recall(input: unknown, maxAge: number): { readonly value: unknown; readonly age: number } | undefined {
    const key = canonicalKey(input);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const age = performance.now() - kept.at;
    if (age > maxAge) return undefined;
    this.#put(key, kept);
    return { value: decode(kept.payload).value, age: Math.round(age) };
  }

  /** A map keeps the order of insertion: the last one in was used last. */
  #put(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }

  #dropLeastRecentlyUsed(): void {
    const [first] = this.#kept.keys();
    if (first !== undefined) this.#kept.delete(first);
  }
}
