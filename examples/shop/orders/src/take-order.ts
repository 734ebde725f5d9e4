import type { AgreedOrder, orders } from "@shop/contracts";
import type { Context, Failure } from "muove";
import type { Suppliers } from "./suppliers.js";

type Place = (typeof orders)["messages"]["place"];
type Refused = Failure<"SOLD_OUT" | "UNKNOWN_PRODUCT" | "NO_PRICE">;

interface Wanted {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
}

/**
 * Prices an order and puts its pieces aside.
 *
 * The shop would rather apologise for an order now and then than send customers away whenever inventory is gone: without
 * an answer from inventory, the order stands and is marked as not reserved. checkOrders() checks it later.
 */
export async function takeOrder(
  { id, sku, quantity }: Wanted,
  { pricing, inventory }: Suppliers,
  ctx: Context<Place>,
): Promise<AgreedOrder | Refused> {
  const quote = await ctx.to(pricing).quote({ sku });
  if (quote.status === "failed") return ctx.fail("UNKNOWN_PRODUCT", { sku });
  if (quote.status !== "ok" && quote.status !== "degraded") return ctx.fail("NO_PRICE", { sku });

  const reservation = await ctx.to(inventory).reserve({ order: id, sku, quantity });
  if (reservation.status === "failed") return ctx.fail("SOLD_OUT", reservation.error.data);

  const price = quote.status === "ok" ? "current" : quote.source === "last-known" ? "last-known" : "list";
  return { id, cents: quote.value.cents * quantity, price, reserved: reservation.status === "ok" };
}
