/** A map that keeps its entries in the order of their last use, and evicts from the front when it is full. */
export class LruMap<V> {
  readonly #maxSize: number;
  /** A map keeps insertion order, so the last entry was used last. */
  readonly #entries = new Map<string, V>();

  /** @param maxSize default: no limit; then the owner calls {@link evict}. */
  constructor(maxSize = Number.POSITIVE_INFINITY) {
    this.#maxSize = maxSize;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns the value for a key, which counts as a use. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.#touch(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#touch(key, value);
    if (this.#entries.size > this.#maxSize) this.evict();
  }

  /** Returns the value for a key, and creates it if there is none. */
  of(key: string, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.set(key, value);
    return value;
  }

  /** Removes an entry, and returns its value. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  /** Removes the least recently used entry, and returns its value. */
  evict(): V | undefined {
    const [first] = this.#entries.keys();
    return first === undefined ? undefined : this.take(first);
  }

  values(): Iterable<V> {
    return this.#entries.values();
  }

  #touch(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }
}
