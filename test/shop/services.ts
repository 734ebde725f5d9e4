// Simple versions of the services behind the storefront, for tests.

import { connect } from "muove";
import { catalogue, inventory, orders, pricing, recommendations } from "../../examples/shop/contracts/src/index.js";

const join = (service: string, servers: string) => connect({ service, servers, logger: false });

export function serveCatalogue(servers: string, name = "Stoneware mug") {
  const bus = join("catalogue", servers);
  bus.serve(catalogue, {
    product: ({ sku }, ctx) =>
      sku === "lamp" ? ctx.fail("UNKNOWN_PRODUCT", { sku }) : { sku, name, description: "Holds 0.35 l." },
  });
  return bus;
}

export function servePricing(servers: string) {
  const bus = join("pricing", servers);
  bus.serve(pricing, { quote: () => ({ cents: 1290 }) });
  return bus;
}

/** @param hangs whether it takes messages but answers none. */
export function serveInventory(servers: string, { hangs } = { hangs: false }) {
  const bus = join("inventory", servers);
  bus.serve(inventory, {
    level: () => (hangs ? new Promise(() => {}) : { left: 40 }),
    reserve: () => ({ left: 39 }),
  });
  return bus;
}

export function serveRecommendations(servers: string) {
  const bus = join("recommendations", servers);
  bus.serve(recommendations, { forProduct: () => ["tea"], viewed: () => {} });
  return bus;
}

/** Has 40 pieces of everything, and crashes at an order of 13. */
export function serveOrders(servers: string) {
  const bus = join("orders", servers);
  bus.serve(orders, {
    place({ id, quantity }, ctx) {
      if (quantity === 13) throw new Error("an unlucky number");
      if (quantity > 40) return ctx.fail("SOLD_OUT", { left: 40 });
      return { id, cents: 1290 * quantity, price: "current" as const, reserved: true, letter: "kept" as const };
    },
  });
  return bus;
}
