import { notifications } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { letter } from "./letter.js";

const bus = connect({ service: "notifications", servers: process.env.NATS_URL });

bus.serve(notifications, {
  // A real one hands the letter to a mail server.
  orderPlaced: (order, ctx) => ctx.log.info({ order: order.id }, letter(order)),
});

answerProbes(bus);
supervised(bus);
