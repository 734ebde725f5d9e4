import { createHash } from "node:crypto";
import { LruMap } from "../base/lru-map.js";
import { performance } from "../base/timers.js";
import { canonicalKey, decode, encode } from "../codec/index.js";

interface Kept {
  readonly payload: Uint8Array;
  readonly at: number;
  /** Its size, with its key. */
  readonly bytes: number;
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
 * The last known answers to one message, by what each depends on (see FallbackOrigin), in canonical form. The least recently used is evicted first.
 *
 * MEMORY-1 It keeps encoded copies of exact size, so nobody can modify them and they retain no larger buffer.
 * MEMORY-2 It never holds more entries than the largest `entries`, or more bytes than the largest `maxBytes`, of all
 *   fallbacks of this message, whatever callees answer. A larger answer is not kept, and the previous answer to its
 *   input is dropped.
 */
export class Memory {
  readonly #kept = new LruMap<Kept>();
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
    const [key, encoded] = [keyOf(input), encode(value, "msgpack")];
    this.#freed(this.#kept.take(key));
    const bytes = entrySize + key.length + encoded.length;
    if (bytes > this.#maxBytes) return;
    this.#kept.set(key, { payload: new Uint8Array(encoded), at: performance.now(), bytes });
    this.#bytes += bytes;
    while (this.#kept.size > this.#entries || this.#bytes > this.#maxBytes) this.#freed(this.#kept.evict());
  }

  /** The last answer to this input and its age in ms. Undefined if there is none, or if it is older than `maxAge`. */
  recall(input: unknown, maxAge: number): { readonly value: unknown; readonly age: number } | undefined {
    const kept = this.#kept.get(keyOf(input));
    if (kept === undefined) return undefined;
    const age = performance.now() - kept.at;
    return age > maxAge ? undefined : { value: decode(kept.payload).value, age: Math.round(age) };
  }

  #freed(kept: Kept | undefined): void {
    this.#bytes -= kept?.bytes ?? 0;
  }
}

/** An input may be large, so a long key is replaced by its hash. No canonical key begins with "=". */
function keyOf(input: unknown): string {
  const key = canonicalKey(input);
  return key.length <= 64 ? key : `=${createHash("sha256").update(key).digest("base64")}`;
}
