// 01  A call and its outcomes
//
// A call resolves to an outcome. Whatever happens to the other side is a value to look at, never an exception.

import { startBroker } from "@muove/broker";
import { call, connect, InvalidInput, mailbox } from "muove";
import { z } from "zod";

// The contract. Both sides import it: the service that owns the mailbox, and every caller.
const pricing = mailbox("pricing", {
  quote: call({
    input: z.object({ sku: z.string(), quantity: z.int().positive() }),
    output: z.object({ cents: z.int() }),
    timeout: 250,
  }),
});

// An embedded broker, so that this file runs by itself. In your system, use the URL of your NATS.
const broker = await startBroker({ port: 0 });

// The service. It serves at once, whether or not NATS is there yet.
const service = connect({ service: "pricing", servers: broker.url, logger: false });
service.serve(pricing, {
  quote: ({ sku, quantity }) => {
    if (sku === "saffron") return new Promise(() => {}); // Never answers.
    return { cents: 450 * quantity };
  },
});

// A caller, usually in another container.
const shop = connect({ service: "shop", servers: broker.url, logger: false });
const prices = shop.to(pricing);

async function ask(sku: string): Promise<string> {
  const outcome = await prices.quote({ sku, quantity: 2 });
  switch (outcome.status) {
    case "ok":
      return `${outcome.value.cents} cents`;
    case "unavailable": // No answer. `delivered` says what may have happened.
      return `unavailable: ${outcome.reason}, delivered: ${outcome.delivered}`;
    case "faulty": // Something came back, but not an answer: see example 04.
      return `faulty: ${outcome.reason}`;
  }
}

// Only an example waits for its connections, to print the same lines every time. A service need not, and neither does a
// script whose service is there already: its first call waits for the connection, within its timeout.
await Promise.all([service, shop].map((bus) => bus.connected()));

console.log("tea        ", await ask("tea"));
console.log("saffron    ", await ask("saffron"));

// Only programmer errors throw, before anything is sent.
try {
  await prices.quote({ sku: "tea", quantity: 0 });
} catch (error) {
  if (error instanceof InvalidInput) console.log("a mistake  ", error.code, error.issues[0]?.path);
}

// The service goes away. Its callers know within one round trip.
await service.close({ timeout: 10 });
console.log("nobody     ", await ask("tea"));

await shop.close();
await broker.close();

// Output:
// tea         900 cents
// saffron     unavailable: timeout, delivered: maybe
// a mistake   MUOVE_INVALID_INPUT [ 'quantity' ]
// nobody      unavailable: absent, delivered: no
