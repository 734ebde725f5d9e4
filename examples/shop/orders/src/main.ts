import { notifications, orders } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { Book } from "./book.js";
import { suppliers } from "./suppliers.js";
import { takeOrder } from "./take-order.js";

const bus = connect({ service: "orders", servers: process.env.NATS_URL });
const book = new Book();
const others = suppliers(bus);

bus.serve(orders, {
  async place(wanted, ctx) {
    const known = book.find(wanted.id);
    if (known !== undefined) return known;
    const taken = await takeOrder(wanted, others, ctx);
    if (!("cents" in taken)) return taken;
    book.enter(taken);
    ctx.to(notifications).orderPlaced({ ...wanted, ...taken });
    ctx.publish.placed({ sku: wanted.sku, quantity: wanted.quantity });
    return taken;
  },
});

answerProbes(bus);
supervised(bus);
