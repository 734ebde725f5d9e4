import { catalogue, inventory, onPriceList, orders, pricing, recommendations } from "@shop/contracts";
import { type Bus, lastKnown, none, withFallback } from "muove";

export type Others = ReturnType<typeof others>;

/** The ones that the storefront calls, and what it shows when they do not answer. */
export function others(bus: Bus) {
  return {
    // What a product is hardly ever changes, so yesterday's answer is a good one. For what was never asked, the price
    // list at least has the name.
    catalogue: withFallback(bus.to(catalogue), { product: [lastKnown({ maxAge: 86_400_000 }), listedProduct] }),

    // The last price is honoured for ten minutes: long enough for a restart, too short to sell at last week's. After
    // that the printed list, which a customer may be charged at any time.
    pricing: withFallback(bus.to(pricing), { quote: [lastKnown({ maxAge: 600_000 }), listPrice] }),

    // A number of pieces that was true a minute ago is worse than none: the last one may be sold. So we say that we do
    // not know. The storefront itself never reserves.
    inventory: withFallback(bus.to(inventory), { level: [{ left: null }], reserve: none }),

    // Nobody misses what was never promised: without recommendations their place on the page stays empty.
    recommendations: withFallback(bus.to(recommendations), { forProduct: [[]] }),

    // Nobody but orders can take an order. The customer is told the truth; see answerTo().
    orders: withFallback(bus.to(orders), { place: none }),
  };
}

// Both are async, since that says that they may come up empty: the price list does not know everything.

async function listedProduct({ sku }: { sku: string }) {
  return { sku, name: listed(sku).name, description: "" };
}

async function listPrice({ sku }: { sku: string }) {
  return { cents: listed(sku).cents };
}

function listed(sku: string) {
  const article = onPriceList(sku);
  if (article === undefined) throw new Error(`${sku} is not on the price list`);
  return article;
}
