import type { PlacedOrder } from "@shop/contracts";

const capacity = 10_000;

/** The order book, by the customer's id of the order. A real one is in a database. */
export class Book {
  readonly #orders = new Map<string, PlacedOrder>();

  find(id: string): PlacedOrder | undefined {
    return this.#orders.get(id);
  }

  enter(order: PlacedOrder): PlacedOrder {
    this.#orders.set(order.id, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > capacity && oldest !== undefined) this.#orders.delete(oldest);
    return order;
  }
}
