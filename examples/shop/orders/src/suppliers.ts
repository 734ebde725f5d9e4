import { inventory, onPriceList, pricing } from "@shop/contracts";
import { type Bus, lastKnown, none, withFallback } from "muove";

export type Suppliers = ReturnType<typeof suppliers>;

/** The services that orders calls, and what to do without them. */
export function suppliers(bus: Bus) {
  return {
    // Customers saw a price of the last minutes, so we honour it; the printed list binds us anyway.
    pricing: withFallback(bus.to(pricing), { quote: [lastKnown(), listPrice] }),
    // Nobody can put pieces aside in inventory's place. takeOrder() decides what that means for the order.
    inventory: withFallback(bus.to(inventory), { level: none, reserve: none }),
  };
}

/** Async, because that says that it may have no answer: not every article is on the list. */
async function listPrice({ sku }: { sku: string }): Promise<{ cents: number }> {
  const article = onPriceList(sku);
  if (article === undefined) throw new Error(`${sku} is not on the price list`);
  return { cents: article.cents };
}
