// 03  Casts and dead letters
//
// A cast is fire and forget: no reply, no await, no exception. But not silence: a cast that reached nobody comes back as a
// dead letter on the sender's own bus.

import { startBroker } from "@muove/broker";
import { cast, connect, mailbox } from "muove";
import { z } from "zod";

const stock = mailbox("stock", {
  sold: cast({ input: z.object({ sku: z.string(), quantity: z.int() }) }),
});

const broker = await startBroker({ port: 0 });
const service = connect({ service: "stock", servers: broker.url, logger: false });
const shop = connect({ service: "shop", servers: broker.url, logger: false });

// The promise is for this example only, to print in the same order every time: a cast tells its sender nothing when it was
// handled.
const handled = new Promise<void>((resolve) => {
  service.serve(stock, {
    sold({ sku, quantity }) {
      console.log(`  stock: ${quantity} of ${sku} sold`);
      resolve();
    },
  });
});
await Promise.all([service, shop].map((bus) => new Promise((resolve) => bus.on("connected", resolve))));

// What became of the casts that went wrong. Here one would store them, or repeat those with `delivered: "no"`.
shop.on("deadLetter", ({ mailbox, message, input, reason, delivered }) => {
  console.log(`  dead letter: ${mailbox}.${message} ${JSON.stringify(input)}, ${reason}, delivered: ${delivered}`);
});

// The receipt comes at once. "sent" means handed to the connection, and nothing more.
const receipt = shop.to(stock).sold({ sku: "tea", quantity: 1 });
console.log("somebody listens:", receipt.status);
await handled;

// Nobody serves the mailbox any more. That is known one round trip after the cast was sent.
await service.close();
console.log("nobody listens:", shop.to(stock).sold({ sku: "tea", quantity: 2 }).status);
await new Promise((resolve) => shop.on("deadLetter", resolve));

// NATS itself is away. That is known at once: the receipt says it, and the dead letter comes even before.
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
