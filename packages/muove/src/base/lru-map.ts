/** A map that holds no more than so many: the least recently used goes first. */
export class LruMap<V> {
  readonly #most: number;
  readonly #entries = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept under that key; made, and kept, where there is nothing. */
  of(key: string, make: () => V): V {
    const known = this.#entries.get(key);
    const value = known ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value); // A map keeps the order of insertion: the last one in was used last.
    if (known === undefined && this.#entries.size > this.#most) this.#dropFirst();
    return value;
  }

  values(): Iterable<V> {
    return this.#entries.values();
  }

  #dropFirst(): void {
    const [first] = this.#entries.keys();
    if (first !== undefined) this.#entries.delete(first);
  }
}
