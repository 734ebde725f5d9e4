import type { Book } from "./book.js";
import type { Suppliers } from "./suppliers.js";

/**
 * Puts aside the pieces that could not be put aside when they were ordered, one order after the other, until one cannot be
 * checked. So while inventory is away, this costs a single call. The first attempt may have arrived after all; reserving
 * is idempotent by order.
 */
export async function checkOrders(book: Book, { inventory }: Suppliers): Promise<void> {
  for (const order of book.unchecked) {
    const { id, sku, quantity } = order;
    const reservation = await inventory.reserve({ order: id, sku, quantity });
    if (reservation.status !== "ok" && reservation.status !== "failed") return;
    book.check({ ...order, reserved: reservation.status === "ok" });
  }
}
