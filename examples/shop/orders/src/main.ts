import { notifications, orders } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { Book } from "./book.js";
import { checkOrders } from "./check-orders.js";
import { sendLetter, sendLetters } from "./send-letters.js";
import { suppliers } from "./suppliers.js";
import { takeOrder } from "./take-order.js";

const bus = connect({ service: "orders", servers: process.env.NATS_URL });
const book = new Book();
const others = suppliers(bus);
/** How long a customer waits until the letter is kept, in ms: it usually takes a few. After that it stays in the book. */
const patience = 100;

bus.serve(orders, {
  async place(wanted, ctx) {
    const known = book.find(wanted.id);
    if (known !== undefined) return { ...known, letter: book.owes(known.id) ? "later" : "kept" };
    const taken = await takeOrder(wanted, others, ctx);
    if (!("cents" in taken)) return taken;
    const letter = book.enter({ ...wanted, ...taken });
    ctx.publish.placed({ sku: wanted.sku, quantity: wanted.quantity });
    const kept = await sendLetter(letter, book, ctx.to(notifications), { timeout: patience });
    return { ...taken, letter: kept ? "kept" : "later" };
  },
});

/** Does something every second. */
const keep = (work: () => Promise<void>): unknown => setTimeout(() => work().then(() => keep(work)), 1_000).unref();
keep(() => checkOrders(book, others));
keep(() => sendLetters(book, bus.to(notifications)));

answerProbes(bus);
supervised(bus);
