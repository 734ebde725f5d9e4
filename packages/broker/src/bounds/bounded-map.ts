/** The bounds of a `BoundedMap`. */
export interface MapBounds<V> {
  /** Maximum entries per generation. */
  readonly entries: number;
  /** Maximum weight per generation, in bytes or so. */
  readonly weight: number;
  /** The weight of a value. Default: 0. */
  weigh?(value: V): number;
}

/** The weight of an entry without its key and value. */
const entryWeight = 64;

/**
 * A cache with two generations. The older one is dropped when the younger one is full. Entries that are used move to
 * the younger one.
 *
 * BOUNDED-MAP-1 Each generation respects both bounds. An entry that alone exceeds the weight is not kept.
 * BOUNDED-MAP-2 It always holds the latest entries, at least as many as one generation holds.
 * BOUNDED-MAP-3 The time of an operation does not grow with the number of entries.
 */
export class BoundedMap<V> {
  readonly #bounds: MapBounds<V>;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  /** The weight of the young generation. */
  #weight = 0;

  constructor(bounds: MapBounds<V>) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined || this.#old.size === 0) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    this.delete(key);
    const weight = this.#weigh(key, value);
    const { entries, weight: most } = this.#bounds;
    if (weight > most) return;
    if (this.#young.size >= entries || this.#weight + weight > most) this.age();
    this.#young.set(key, value);
    this.#weight += weight;
  }

  delete(key: string): void {
    if (this.#old.size > 0 && this.#old.delete(key)) return;
    const value = this.#young.get(key);
    if (value === undefined) return;
    this.#young.delete(key);
    this.#weight -= this.#weigh(key, value);
  }

  /** Drops the older generation and starts a new one. */
  age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
  }

  clear(): void {
    if (this.#young.size > 0) this.#young = new Map();
    if (this.#old.size > 0) this.#old = new Map();
    this.#weight = 0;
  }

  #weigh(key: string, value: V): number {
    return entryWeight + key.length + (this.#bounds.weigh?.(value) ?? 0);
  }
}
