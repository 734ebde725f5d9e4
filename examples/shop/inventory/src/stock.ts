export interface Reservation {
  readonly order: string;
  readonly sku: string;
  readonly quantity: number;
}

/** The pieces on the shelves. A real stock is in a database; this one is full again after every start. */
export class Stock {
  readonly #pieces = new Map([
    ["mug", 40],
    ["teapot", 3],
    ["kettle", 12],
    ["tea", 200],
  ]);
  readonly #reserved = new Set<string>();

  left(sku: string): number {
    return this.#pieces.get(sku) ?? 0;
  }

  /** Whether the pieces are put aside for this order, now or already. */
  reserve({ order, sku, quantity }: Reservation): boolean {
    if (this.#reserved.has(order)) return true;
    const left = this.left(sku);
    if (left < quantity) return false;
    this.#pieces.set(sku, left - quantity);
    this.#reserved.add(order);
    return true;
  }
}
