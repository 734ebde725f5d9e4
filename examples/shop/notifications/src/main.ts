import { notifications } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { letter, secondLetter } from "./letter.js";

const bus = connect({ service: "notifications", servers: process.env.NATS_URL });

bus.serve(notifications, {
  // A real service hands the letters to a mail server.
  orderPlaced: (order, ctx) => ctx.log.info({ order: order.id }, letter(order)),
  orderChecked: (order, ctx) => ctx.log.info({ order: order.id }, secondLetter(order)),
});

answerProbes(bus);
supervised(bus);
