import { pricing } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { prices } from "./prices.js";

const bus = connect({ service: "pricing", servers: process.env.NATS_URL });

bus.serve(pricing, {
  quote({ sku }, ctx) {
    const cents = prices.get(sku);
    return cents === undefined ? ctx.fail("UNKNOWN_PRODUCT", { sku }) : { cents };
  },
});

answerProbes(bus);
supervised(bus);
