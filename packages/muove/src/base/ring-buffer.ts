const least = 16;

/** A first-in, first-out queue. It creates no garbage and keeps no reference to removed items. */
export class RingBuffer<T> {
  #items: (T | undefined)[] = new Array<T | undefined>(least).fill(undefined);
  /** Positions of the first item and of the next one. Their low bits are indexes into the array. */
  #first = 0;
  #next = 0;

  get size(): number {
    return this.#next - this.#first;
  }

  push(item: T): void {
    if (this.size === this.#items.length) this.#moveTo(this.#items.length * 2, [...this]);
    this.#items[this.#next++ & (this.#items.length - 1)] = item;
  }

  /** Removes and returns the first item. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const at = this.#first++ & (this.#items.length - 1);
    const item = this.#items[at];
    this.#items[at] = undefined;
    return item;
  }

  /** Removes all items for which `gone` returns true. */
  remove(gone: (item: T) => boolean): void {
    const staying = [...this].filter((item) => !gone(item));
    if (staying.length < this.size) this.#moveTo(this.#items.length, staying);
  }

  /** Removes all items. */
  clear(): void {
    this.#moveTo(least, []);
  }

  /** Iterates from the first item to the last. */
  *[Symbol.iterator](): Iterator<T> {
    for (let at = this.#first; at < this.#next; at++) yield this.#items[at & (this.#items.length - 1)] as T;
  }

  #moveTo(length: number, items: readonly T[]): void {
    this.#items = [...items, ...new Array<undefined>(length - items.length).fill(undefined)];
    this.#first = 0;
    this.#next = items.length;
  }
}
