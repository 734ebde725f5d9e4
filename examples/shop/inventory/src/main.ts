import { inventory } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { Stock } from "./stock.js";

const bus = connect({ service: "inventory", servers: process.env.NATS_URL });
const stock = new Stock();

bus.serve(inventory, {
  level: ({ sku }) => ({ left: stock.left(sku) }),
  reserve(reservation, ctx) {
    const done = stock.reserve(reservation);
    const left = stock.left(reservation.sku);
    return done ? { left } : ctx.fail("SOLD_OUT", { left });
  },
});

answerProbes(bus);
supervised(bus);
