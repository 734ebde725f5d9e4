import { catalogue, inventory, onPriceList, orders, pricing, recommendations } from "@shop/contracts";
import { type Bus, lastKnown, none, withFallback } from "muove";

export type Others = ReturnType<typeof others>;

/** The services that the storefront calls, and what it shows when they do not answer. */
export function others(bus: Bus) {
  return {
    // Products hardly change, so yesterday's answer is a good one. For a product that was never asked for, the price list
    // at least has the name.
    catalogue: withFallback(bus.to(catalogue), { product: [lastKnown({ maxAge: 86_400_000 }), listedProduct] }),

    // We honour the last price for ten minutes: long enough for a restart, too short to sell at last week's price. After
    // that, the printed list applies, which always holds.
    pricing: withFallback(bus.to(pricing), { quote: [lastKnown({ maxAge: 600_000 }), listPrice] }),

    // A stock figure from a minute ago is worse than none: the last piece may be sold. So we say that we do not know. The
    // storefront itself never reserves.
    inventory: withFallback(bus.to(inventory), { level: [{ left: null }], reserve: none }),

    // Nobody misses recommendations: without them, their place on the page stays empty.
    recommendations: withFallback(bus.to(recommendations), { forProduct: [[]] }),

    // Nobody but orders can take an order. We tell the customer the truth; see answerTo().
    orders: withFallback(bus.to(orders), { place: none }),
  };
}

// Both are async, because that says that they may have no answer: the price list does not have everything.

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
