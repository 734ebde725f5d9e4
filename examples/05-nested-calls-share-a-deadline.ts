// 05  Nested calls share a deadline
//
// An HTTP request calls basket, basket calls pricing, and pricing hangs. Each call gets what is left of the first one's
// time, less a reserve. So basket can still answer, degraded, before its caller gives up.

import { startBroker } from "@muove/broker";
import { call, connect, mailbox } from "muove";
import { z } from "zod";

const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }), timeout: 5_000 }),
});
const basket = mailbox("basket", {
  total: call({ output: z.object({ cents: z.int(), estimated: z.boolean() }), timeout: 5_000 }),
});

const broker = await startBroker({ port: 0 });
const pricingBus = connect({ service: "pricing", servers: broker.url, logger: false });
const basketBus = connect({ service: "basket", servers: broker.url, logger: false });
const shop = connect({ service: "shop", servers: broker.url, logger: false });

// How much time each handler has left, in ms.
let leftInBasket = 0;
let leftInPricing = 0;
let gaveUp = false;

pricingBus.serve(pricing, {
  async quote(_input, ctx) {
    leftInPricing = ctx.remaining;
    // It hangs. The signal aborts when the caller has given up, so that nobody works in vain.
    return await new Promise<never>((_resolve, giveUp) => {
      ctx.signal.addEventListener("abort", () => {
        gaveUp = true;
        giveUp(ctx.signal.reason);
      });
    });
  },
});

basketBus.serve(basket, {
  async total(_input, ctx) {
    leftInBasket = ctx.remaining;
    // `ctx.to`, not `bus.to`: this call is made on behalf of the message being handled, and has no more time than that.
    const price = await ctx.to(pricing).quote({ sku: "tea" }).orElse({ cents: 500 });
    console.log(`  basket: the price is ${price.status}, and time is left to answer: ${ctx.remaining > 0}`);
    return { cents: price.value.cents, estimated: price.status !== "ok" };
  },
});

const buses = [pricingBus, basketBus, shop];
await Promise.all(buses.map((bus) => bus.connected()));

// The edge: everything that this request needs must happen within a second, whatever the contracts allow.
const request = shop.within({ timeout: 1_000 });
const outcome = await request.to(basket).total();

console.log("the edge got:", outcome.status, outcome.status === "ok" ? outcome.value : outcome.reason);
console.log("each had less time than its caller:", 1_000 > leftInBasket && leftInBasket > leftInPricing);

for (const bus of buses) await bus.close(); // Waits for running handlers.
await broker.close();
console.log("pricing knew that its caller had given up:", gaveUp);

// Output:
//   basket: the price is degraded, and time is left to answer: true
// the edge got: ok { cents: 500, estimated: true }
// each had less time than its caller: true
// pricing knew that its caller had given up: true
