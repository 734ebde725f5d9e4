import { inventory, orders, recommendations } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, none, supervised, withFallback } from "muove";
import { companions } from "./companions.js";
import { Popularity } from "./popularity.js";

const bus = connect({ service: "recommendations", servers: process.env.NATS_URL });
const popularity = new Popularity();

// If inventory does not answer, an article counts as in stock: better to recommend one that may be sold out than none.
const stock = withFallback(bus.to(inventory), { level: [{ left: null }], reserve: none });

bus.serve(recommendations, {
  async forProduct({ sku }, ctx) {
    const candidates = popularity.rank(companions.get(sku) ?? []);
    // A hanging inventory takes its own 150 ms, and never all of our caller's time: ctx.to() makes sure of that.
    const levels = await Promise.all(candidates.map((candidate) => ctx.to(stock).level({ sku: candidate })));
    return candidates.filter((_, index) => levels[index]?.value.left !== 0);
  },
  viewed: ({ sku }) => popularity.viewed(sku),
});

// No group: every instance counts for itself, so each needs every event.
bus.on(orders.events.placed, ({ sku, quantity }) => popularity.bought(sku, quantity));

answerProbes(bus);
supervised(bus);
