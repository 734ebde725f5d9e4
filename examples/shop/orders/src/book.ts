import type { OrderPlaced } from "@shop/contracts";

const capacity = 10_000;

/** The order book, by the order's id from the customer. A real one is in a database. */
export class Book {
  readonly #orders = new Map<string, OrderPlaced>();
  readonly #unchecked = new Map<string, OrderPlaced>();

  find(id: string): OrderPlaced | undefined {
    return this.#orders.get(id);
  }

  /** Orders taken while inventory did not answer, the oldest first. */
  get unchecked(): Iterable<OrderPlaced> {
    return this.#unchecked.values();
  }

  enter(order: OrderPlaced): void {
    this.#orders.set(order.id, order);
    if (!order.reserved) this.#unchecked.set(order.id, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > capacity && oldest !== undefined) this.#remove(oldest);
  }

  /** Notes whether its pieces are put aside. */
  check(order: OrderPlaced): void {
    this.#orders.set(order.id, order);
    this.#unchecked.delete(order.id);
  }

  #remove(id: string): void {
    this.#orders.delete(id);
    this.#unchecked.delete(id);
  }
}
