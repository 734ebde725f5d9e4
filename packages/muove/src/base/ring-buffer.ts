const least = 16;

/** What waits in line: first in, first out. It makes no garbage, and holds nothing that has left. */
export class RingBuffer<T> {
  #items: (T | undefined)[] = new Array<T | undefined>(least).fill(undefined);
  /** Where the first one is, and where the next one goes: the last bits tell which item that is. */
  #first = 0;
  #next = 0;

  get size(): number {
    return this.#next - this.#first;
  }

  push(item: T): void {
    if (this.size === this.#items.length) this.#moveTo(this.#items.length * 2, [...this]);
    this.#items[this.#next++ & (this.#items.length - 1)] = item;
  }

  /** Takes out the first one. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const at = this.#first++ & (this.#items.length - 1);
    const item = this.#items[at];
    this.#items[at] = undefined;
    return item;
  }

  /** Takes out all for which that holds. */
  remove(gone: (item: T) => boolean): void {
    const staying = [...this].filter((item) => !gone(item));
    if (staying.length < this.size) this.#moveTo(this.#items.length, staying);
  }

  /** Takes out all. */
  clear(): void {
    this.#moveTo(least, []);
  }

  /** Those that wait at that moment, the first one first. */
  *[Symbol.iterator](): Iterator<T> {
    for (let at = this.#first; at < this.#next; at++) yield this.#items[at & (this.#items.length - 1)] as T;
  }

  #moveTo(length: number, items: readonly T[]): void {
    this.#items = [...items, ...new Array<undefined>(length - items.length).fill(undefined)];
    this.#first = 0;
    this.#next = items.length;
  }
}
