const chunkSize = 256;

/** Values of consecutive numbers, and how many of them are there. */
interface Chunk<T> {
  readonly values: (T | undefined)[];
  used: number;
}

/**
 * Values by ascending number, with gaps.
 *
 * SPARSE-LIST-1 What is removed takes no memory, however large the gaps: a chunk goes with its last value.
 * SPARSE-LIST-2 Reading and removing by number take constant time; finding the next value skips whole chunks.
 */
export class SparseList<T> {
  readonly #chunks = new Map<number, Chunk<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): T | undefined {
    return this.#chunks.get(Math.floor(number / chunkSize))?.values[number % chunkSize];
  }

  /** Adds a value under a number that has none. */
  add(number: number, value: T): void {
    const index = Math.floor(number / chunkSize);
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      chunk = { values: new Array(chunkSize).fill(undefined), used: 0 };
      this.#chunks.set(index, chunk);
    }
    chunk.values[number % chunkSize] = value;
    chunk.used++;
    this.#size++;
  }

  /** Removes a value that is there. */
  remove(number: number): void {
    const index = Math.floor(number / chunkSize);
    const chunk = this.#chunks.get(index) as Chunk<T>;
    chunk.values[number % chunkSize] = undefined;
    this.#size--;
    if (--chunk.used === 0) this.#chunks.delete(index);
  }

  clear(): void {
    this.#chunks.clear();
    this.#size = 0;
  }

  /** The first value from a number on, up to another one. */
  next(from: number, last: number): T | undefined {
    for (let at = from; at <= last; ) {
      const chunk = this.#chunks.get(Math.floor(at / chunkSize));
      const end = (Math.floor(at / chunkSize) + 1) * chunkSize;
      if (chunk === undefined) at = this.#size === 0 ? last + 1 : end;
      else {
        for (; at < end && at <= last; at++) {
          const value = chunk.values[at % chunkSize];
          if (value !== undefined) return value;
        }
      }
    }
    return undefined;
  }
}
