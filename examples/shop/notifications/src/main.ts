import { notifications, type OrderPlaced } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, type LetterContext, type LetterDisposition, supervised } from "muove";
import { letter, secondLetter } from "./letter.js";

const bus = connect({ service: "notifications", servers: process.env.NATS_URL });

bus.serve(notifications, {
  orderPlaced: (order, ctx) => write(order, letter(order), ctx),
  orderChecked: (order, ctx) => write(order, secondLetter(order), ctx),
});

/**
 * Writes to a customer. A real service hands the letter to a mail server, with `ctx.id` as its Message-ID: if this process
 * ends before the letter is acknowledged, it comes again, and the mail server must know it.
 */
function write({ id, email }: OrderPlaced, text: string, ctx: LetterContext): LetterDisposition | undefined {
  // A mail server would say so; RFC 2606 promises that nobody is there. Trying again would help nobody.
  if (email?.endsWith(".invalid")) return ctx.bury("no such address");
  ctx.log.info({ order: id, attempt: ctx.attempt }, text);
  return undefined;
}

answerProbes(bus);
supervised(bus);
