/** A map of bounded size. When it is full, it evicts the least recently used entry. */
export class LruMap<V> {
  readonly #most: number;
  readonly #entries = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the value for a key, and creates it if there is none. */
  of(key: string, make: () => V): V {
    const known = this.#entries.get(key);
    const value = known ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value); // A map keeps insertion order, so the last key was used last.
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
