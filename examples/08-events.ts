// 08  Events
//
// An event goes the other way: out of a mailbox, from its owner to whoever listens. The owner does not know its listeners,
// and need not have any.

import { startBroker } from "@muove/broker";
import { type Bus, call, connect, event, mailbox } from "muove";
import { z } from "zod";

const orders = mailbox("orders", {
  place: call({ input: z.object({ sku: z.string() }) }),
  placed: event({ input: z.object({ sku: z.string() }) }),
});

const broker = await startBroker({ port: 0 });
const join = (service: string) => connect({ service, servers: broker.url, logger: false });
const buses = ["orders", "mail", "mail", "statistics"].map(join);
const [owner, mail1, mail2, statistics] = buses as [Bus, Bus, Bus, Bus];

// The owner publishes: in a handler with ctx.publish, so that the event belongs to the same trace, and elsewhere with the
// Publisher that serve() returned.
const { publish } = owner.serve(orders, {
  place: ({ sku }, ctx) => void ctx.publish.placed({ sku }),
});

// In a group, each event goes to one member, whichever instance or service that is: one letter per order.
let letters = 0;
for (const mail of [mail1, mail2]) mail.on(orders.events.placed, () => void letters++, { group: "letters" });

// Without a group, every listener gets every event. With a concurrency of 1, it handles them one by one, in order.
const sold: string[] = [];
const listener = statistics.on(orders.events.placed, ({ sku }) => void sold.push(sku), { concurrency: 1 });
await Promise.all(buses.map((bus) => bus.connected()));

// The receipt means the same as for a cast: handed to the connection.
console.log("published:", publish.placed({ sku: "tea" }).status);
for (const sku of ["mug", "kettle"]) await statistics.to(orders).place({ sku });
while (sold.length < 3 || letters < 3) await new Promise((resolve) => setTimeout(resolve, 5));
console.log("sold:", sold.join(", "));
console.log("letters:", letters);

// Stop listening: delivered events are handled first. Now only the group listens.
await listener.stop();
publish.placed({ sku: "teapot" });
while (letters < 4) await new Promise((resolve) => setTimeout(resolve, 5));
console.log("sold:", sold.join(", "));

// Now nobody listens. That is not a failure, so there is no dead letter.
await Promise.all([mail1.close(), mail2.close(), statistics.close()]);
console.log("nobody listens:", publish.placed({ sku: "mug" }).status);
await owner.close();
console.log("dead letters:", owner.status.counts.deadLetters);
await broker.close();

// Output:
// published: sent
// sold: tea, mug, kettle
// letters: 3
// sold: tea, mug, kettle
// nobody listens: sent
// dead letters: 0
