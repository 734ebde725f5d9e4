import { inventory, orders, recommendations } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, none, supervised, withFallback } from "muove";
import { companions } from "./companions.js";
import { Popularity } from "./popularity.js";

const bus = connect({ service: "recommendations", servers: process.env.NATS_URL });
const popularity = new Popularity();

// When inventory cannot be asked, an article counts as there: better to praise what may be sold out than nothing at all.
const stock = withFallback(bus.to(inventory), { level: [{ left: null }], reserve: none });

bus.serve(recommendations, {
  async forProduct({ sku }, ctx) {
    const candidates = popularity.rank(companions.get(sku) ?? []);
    // A hanging inventory takes its own 150 ms and never all the time that our caller waits: ctx.to() sees to that.
    const levels = await Promise.all(candidates.map((candidate) => ctx.to(stock).level({ sku: candidate })));
    return candidates.filter((_, index) => levels[index]?.value.left !== 0);
  },
  viewed: ({ sku }) => popularity.viewed(sku),
});

// Without a group: every instance keeps count for itself, so every one wants to know.
bus.on(orders.events.placed, ({ sku, quantity }) => popularity.bought(sku, quantity));

answerProbes(bus);
supervised(bus);
