/**
 * A sequence of keys. The engine creates a hidden class for it as soon as an object is given these keys in this order.
 * Layouts with the same start share it, as in the engine.
 */
export class Layout {
  /** The last key. */
  readonly key: string;
  /** The position of that key in the payload, up to `to`, to recognise it without decoding it. */
  readonly from: number;
  readonly to: number;
  /** The layout that last followed this one. In a table of rows it follows again. */
  next: Layout | undefined = undefined;
  #others: Map<string, Layout> | undefined = undefined;

  constructor(key = "", from = 0, to = 0) {
    this.key = key;
    this.from = from;
    this.to = to;
  }

  /** This layout with one more key, or undefined if no object had that yet. */
  after(key: string): Layout | undefined {
    if (this.next?.key === key) return this.next;
    const next = this.#others?.get(key);
    if (next !== undefined) this.next = next;
    return next;
  }

  /** Adds a layout that no object had yet. */
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

/** Whether the payload repeats the key of `layout` at `at`. */
export function repeats(layout: Layout, bytes: Uint8Array, at: number): boolean {
  const length = layout.to - layout.from;
  for (let i = 0; i < length; i++) {
    if (bytes[at + i] !== bytes[layout.from + i]) return false;
  }
  return true;
}
