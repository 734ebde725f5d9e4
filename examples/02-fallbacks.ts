// 02  Fallbacks
//
// A fallback answers when the other side cannot. Its answer is marked `degraded`, with the reason and the source, so that
// nobody takes it for a real one.

import { startBroker } from "@muove/broker";
import { call, connect, lastKnown, mailbox, none, withFallback } from "muove";
import { z } from "zod";

const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }) }),
  discount: call({ output: z.int() }),
});

const broker = await startBroker({ port: 0 });
const service = connect({ service: "pricing", servers: broker.url, logger: false });
service.serve(pricing, { quote: ({ sku }) => ({ cents: sku.length * 100 }), discount: () => 15 });

const shop = connect({ service: "shop", servers: broker.url, logger: false });
await Promise.all([service, shop].map((bus) => bus.connected()));

// The prices on the last printed list: old, but better than no shop.
const listPrice: Record<string, number> = { tea: 320, coffee: 640 };

// The first one with an answer wins: the last real answer to the same input, then the list.
// A plain function always answers, so the type of `price` has only "ok" and "degraded": there is always a value.
async function quote(sku: string): Promise<string> {
  const price = await shop
    .to(pricing)
    .quote({ sku })
    .orElse(lastKnown({ maxAge: 60_000 }), (input) => ({ cents: listPrice[input.sku] ?? 999 }));
  const mark = price.status === "degraded" ? `degraded, ${price.reason}: ${price.source}` : "ok";
  return `${price.value.cents} cents (${mark})`;
}

console.log("tea, now   ", await quote("tea"));

// Every container of the service is gone.
await service.close();

console.log("tea, later ", await quote("tea")); // Answered before.
console.log("coffee     ", await quote("coffee")); // Never answered, so the list answers.

// A constant is a fallback, too, even a falsy one: no discount is better than no checkout.
const discount = await shop.to(pricing).discount().orElse(0);
console.log("discount   ", discount.value, `(${discount.status})`);

// The fallbacks of a whole mailbox in one place. Leaving a call out is a compile error; `none` means on purpose.
const prices = withFallback(shop.to(pricing), {
  quote: [lastKnown(), { cents: 999 }],
  discount: none,
});
console.log("declared   ", (await prices.quote({ sku: "cocoa" })).value.cents, "cents");
console.log("none       ", (await prices.discount()).status);

await shop.close();
await broker.close();

// Output:
// tea, now    300 cents (ok)
// tea, later  300 cents (degraded, absent: last-known)
// coffee      640 cents (degraded, absent: function)
// discount    0 (degraded)
// declared    999 cents
// none        unavailable
