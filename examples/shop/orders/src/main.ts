import { notifications, orders } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { Book } from "./book.js";
import { checkOrders } from "./check-orders.js";
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
    const placed = { ...wanted, ...taken };
    book.enter(placed);
    ctx.to(notifications).orderPlaced(placed);
    ctx.publish.placed({ sku: wanted.sku, quantity: wanted.quantity });
    return taken;
  },
});

const checkLater = (): unknown => setTimeout(check, 1_000).unref();
async function check(): Promise<void> {
  await checkOrders(book, others, (checked) => bus.to(notifications).orderChecked(checked));
  checkLater();
}
checkLater();

answerProbes(bus);
supervised(bus);
