// #region service
import { connect, supervised } from "muove";
import { pricing } from "./contract.js";

const cents = new Map([["tea", 450]]);

export const bus = connect({ service: "pricing", servers: process.env.NATS_URL });

bus.serve(pricing, {
  quote({ sku, quantity }, ctx) {
    const each = cents.get(sku);
    return each === undefined ? ctx.fail("NOT_SOLD") : { cents: each * quantity };
  },
});

supervised(bus); // On SIGTERM: stop taking messages, finish and answer the open ones, exit.
// #endregion
