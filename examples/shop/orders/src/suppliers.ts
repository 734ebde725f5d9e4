import { inventory, onPriceList, pricing } from "@shop/contracts";
import { type Bus, lastKnown, none, withFallback } from "muove";

export type Suppliers = ReturnType<typeof suppliers>;

/** The ones that orders calls, and what to do without them. */
export function suppliers(bus: Bus) {
  return {
    // A price of the last minutes is one that customers were shown, so it is honoured; the printed list binds us anyway.
    pricing: withFallback(bus.to(pricing), { quote: [lastKnown(), listPrice] }),
    // Nobody can put pieces aside in inventory's place. What that means for the order is decided in takeOrder().
    inventory: withFallback(bus.to(inventory), { level: none, reserve: none }),
  };
}

/** Async, since that says that it may come up empty: what is not on the list has no list price. */
async function listPrice({ sku }: { sku: string }): Promise<{ cents: number }> {
  const article = onPriceList(sku);
  if (article === undefined) throw new Error(`${sku} is not on the price list`);
  return { cents: article.cents };
}
