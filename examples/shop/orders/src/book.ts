import type { OrderPlaced } from "@shop/contracts";

const capacity = 10_000;

/** A letter about an order: that it is placed, or what came of checking it. */
export interface Letter {
  readonly about: "orderPlaced" | "orderChecked";
  readonly order: OrderPlaced;
}

/** The order book, by the order's id from the customer. A real one is in a database. */
export class Book {
  readonly #orders = new Map<string, OrderPlaced>();
  readonly #unchecked = new Map<string, OrderPlaced>();
  readonly #owed = new Map<string, Letter>();

  find(id: string): OrderPlaced | undefined {
    return this.#orders.get(id);
  }

  /** Orders taken while inventory did not answer, the oldest first. */
  get unchecked(): Iterable<OrderPlaced> {
    return this.#unchecked.values();
  }

  /** Letters that are not known to be kept, the oldest first. */
  get owed(): Iterable<Letter> {
    return this.#owed.values();
  }

  /** Whether the first letter about an order is not known to be kept. */
  owes(id: string): boolean {
    return this.#owed.has(nameOf("orderPlaced", id));
  }

  /** Returns the letter about it, which is owed from now on. */
  enter(order: OrderPlaced): Letter {
    this.#orders.set(order.id, order);
    if (!order.reserved) this.#unchecked.set(order.id, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > capacity && oldest !== undefined) this.#remove(oldest);
    return this.#owe("orderPlaced", order);
  }

  /** Notes whether its pieces are put aside. The letter about that is owed from now on. */
  check(order: OrderPlaced): void {
    this.#orders.set(order.id, order);
    this.#unchecked.delete(order.id);
    this.#owe("orderChecked", order);
  }

  /** Its letter is kept. */
  settle({ about, order }: Letter): void {
    this.#owed.delete(nameOf(about, order.id));
  }

  #owe(about: Letter["about"], order: OrderPlaced): Letter {
    const letter = { about, order };
    this.#owed.set(nameOf(about, order.id), letter);
    return letter;
  }

  #remove(id: string): void {
    this.#orders.delete(id);
    this.#unchecked.delete(id);
    for (const about of ["orderPlaced", "orderChecked"] as const) this.#owed.delete(nameOf(about, id));
  }
}

const nameOf = (about: Letter["about"], id: string): string => `${about}/${id}`;
