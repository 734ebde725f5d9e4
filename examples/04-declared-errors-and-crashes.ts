// 04  Declared errors and crashes
//
// "No" is an answer: an error that the contract declares comes back as `failed`, with its data, typed. A crash is not an
// answer: the caller gets `faulty`, without the service's internals, and the service lives on.

import { startBroker } from "@muove/broker";
import { CallError, call, connect, mailbox } from "muove";
import { z } from "zod";

const orders = mailbox("orders", {
  place: call({
    input: z.object({ sku: z.string() }),
    output: z.object({ order: z.int() }),
    errors: {
      SOLD_OUT: z.object({ backInDays: z.int() }),
      CLOSED: z.undefined(), // An error without data.
    },
  }),
});

const broker = await startBroker({ port: 0 });
const service = connect({ service: "orders", servers: broker.url, logger: false });
service.serve(orders, {
  place({ sku }, ctx) {
    if (sku === "tea") return ctx.fail("SOLD_OUT", { backInDays: 3 });
    if (sku === "beer") return ctx.fail("CLOSED");
    if (sku === "cocoa") throw new Error("password of the database: 1234");
    return { order: 7 };
  },
});

// What a handler threw stays in the service, in this event and in its log. The caller gets an id to look it up.
service.on("crashed", ({ address, error }) => console.log(`  ${address} crashed: ${error}`));

const shop = connect({ service: "shop", servers: broker.url, logger: false });
await Promise.all([service, shop].map((bus) => bus.connected()));

async function place(sku: string): Promise<string> {
  // A fallback stands in when there is no answer. It never replaces `failed`, which is an answer.
  const outcome = await shop.to(orders).place({ sku }).orElse({ order: 0 });
  switch (outcome.status) {
    case "ok":
      return `order ${outcome.value.order}`;
    case "degraded":
      return `noted for later: ${outcome.reason}`;
    case "failed": // The compiler knows both codes, and the data of each.
      if (outcome.error.code === "SOLD_OUT") return `back in ${outcome.error.data.backInDays} days`;
      return "closed";
  }
}

console.log("coffee:", await place("coffee"));
console.log("tea:", await place("tea"));
console.log("beer:", await place("beer"));
console.log("cocoa:", await place("cocoa"));
console.log("coffee again:", await place("coffee"));

// If you prefer exceptions: the error carries the whole outcome.
try {
  await shop.to(orders).place({ sku: "tea" }).orThrow();
} catch (error) {
  if (error instanceof CallError) console.log("thrown:", error.code, error.outcome.status);
}

await shop.close();
await service.close();
await broker.close();

// Output:
// coffee: order 7
// tea: back in 3 days
// beer: closed
//   orders.place crashed: Error: password of the database: 1234
// cocoa: noted for later: crashed
// coffee again: order 7
// thrown: MUOVE_CALL_FAILED failed
