// 03  Casts and dead letters
//
// A cast is fire and forget: no reply, no await, no exception. But it does not vanish: a cast that reached nobody comes
// back as a dead letter on the sender's own bus.

import { startBroker } from "@muove/broker";
import { cast, connect, mailbox } from "muove";
import { z } from "zod";

const stock = mailbox("stock", {
  sold: cast({ input: z.object({ sku: z.string(), quantity: z.int() }) }),
});

const broker = await startBroker({ port: 0 });
const service = connect({ service: "stock", servers: broker.url, logger: false });
const shop = connect({ service: "shop", servers: broker.url, logger: false });

// The promise is only for this example, to print in the same order every time: the sender of a cast does not learn when
// it was handled.
const handled = new Promise<void>((resolve) => {
  service.serve(stock, {
    sold({ sku, quantity }) {
      console.log(`  stock: ${quantity} of ${sku} sold`);
      resolve();
    },
  });
});
await Promise.all([service, shop].map((bus) => bus.connected()));

// The casts that reached nobody. A real service would store them, or resend those with `delivered: "no"`.
shop.on("deadLetter", ({ mailbox, message, input, reason, delivered }) => {
  console.log(`  dead letter: ${mailbox}.${message} ${JSON.stringify(input)}, ${reason}, delivered: ${delivered}`);
});

// The receipt comes at once. "sent" means handed to the connection, and nothing more.
const receipt = shop.to(stock).sold({ sku: "tea", quantity: 1 });
console.log("somebody listens:", receipt.status);
await handled;

// Nobody serves the mailbox any more. The sender knows one round trip after the cast.
await service.close();
console.log("nobody listens:", shop.to(stock).sold({ sku: "tea", quantity: 2 }).status);
await new Promise((resolve) => shop.on("deadLetter", resolve));

// NATS itself is away. The sender knows at once: the receipt says so, and the dead letter comes even earlier.
const disconnected = new Promise((resolve) => shop.on("disconnected", resolve));
await broker.close();
await disconnected;
console.log("no connection:", shop.to(stock).sold({ sku: "tea", quantity: 3 }).status);

console.log("dead letters:", shop.status.counts.deadLetters);
await shop.close();

// Output:
// somebody listens: sent
//   stock: 1 of tea sold
// nobody listens: sent
//   dead letter: stock.sold {"sku":"tea","quantity":2}, absent, delivered: no
//   dead letter: stock.sold {"sku":"tea","quantity":3}, unreachable, delivered: no
// no connection: unsent
// dead letters: 2
