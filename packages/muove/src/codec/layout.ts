/**
 * Keys in an order: what an engine makes a hidden class for as soon as an object has been given these keys in this
 * order. Those that start alike share their start, as in the engine.
 */
export class Layout {
  /** The last key. */
  readonly key: string;
  /** Where that key stands in the payload, up to `to`, so that it can be known again without being read. */
  readonly from: number;
  readonly to: number;
  /** The one that came last after this one. In a table of rows it is the one that comes again. */
  next: Layout | undefined = undefined;
  #others: Map<string, Layout> | undefined = undefined;

  constructor(key = "", from = 0, to = 0) {
    this.key = key;
    this.from = from;
    this.to = to;
  }

  /** This layout and one more key; nothing if no object had that yet. */
  after(key: string): Layout | undefined {
    if (this.next?.key === key) return this.next;
    const next = this.#others?.get(key);
    if (next !== undefined) this.next = next;
    return next;
  }

  /** Goes where no object was yet. */
  grow(key: string, from?: number, to?: number): Layout {
    const next = new Layout(key, from, to);
    if (this.next !== undefined) {
      this.#others ??= new Map([[this.next.key, this.next]]);
      this.#others.set(key, next);
    }
    this.next = next;
    return next;
  }
}

/** Whether what stands in the payload at `at` is the key of `layout` once more. */
export function repeats(layout: Layout, bytes: Uint8Array, at: number): boolean {
  const length = layout.to - layout.from;
  for (let i = 0; i < length; i++) {
    if (bytes[at + i] !== bytes[layout.from + i]) return false;
  }
  return true;
}
