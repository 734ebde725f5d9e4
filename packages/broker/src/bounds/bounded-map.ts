/** How much a `BoundedMap` may hold. */
export interface MapBounds<V> {
  /** Most entries of each generation. */
  readonly entries: number;
  /** Most weight of each generation, in bytes or so. */
  readonly weight: number;
  /** What an entry weighs besides its key; left out, nothing. */
  weigh?(value: V): number;
}

/** What an entry weighs however short its key is. */
const entryWeight = 64;

/**
 * A map that forgets: two generations, of which the older one is dropped as soon as the younger one is full. What is
 * used again moves to the younger one.
 *
 * BOUNDED-MAP-1 Each generation is within both bounds; an entry that alone is over the weight is not kept.
 * BOUNDED-MAP-2 The latest entries, as many as one generation holds, are in it.
 * BOUNDED-MAP-3 No operation takes time that grows with the number of entries.
 */
export class BoundedMap<V> {
  readonly #bounds: MapBounds<V>;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  /** Of the young generation. */
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

  /** Drops the older generation, and starts a new one. */
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
