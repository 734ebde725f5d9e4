// 06  No start order
//
// Nothing waits for anything: not for another service, and not for NATS. Here NATS comes last, goes, and comes back.

import { startBroker } from "@muove/broker";
import { call, connect, mailbox } from "muove";
import { z } from "zod";

const greeting = mailbox("greeting", {
  hello: call({ input: z.string(), output: z.string() }),
});

// An address at which nobody listens yet: that of a broker that is closed again at once.
const place = await startBroker({ port: 0 });
await place.close();
const { port, url } = place;

// The caller starts first, without NATS and without the service that it calls. It works at once.
const caller = connect({ service: "caller", servers: url, logger: false });

async function hello(): Promise<string> {
  const outcome = await caller.to(greeting).hello("world").orElse("hello from the fallback");
  return outcome.status === "ok" ? outcome.value : `${outcome.value} (${outcome.reason})`;
}

console.log("no NATS:        ", await hello());

// The service starts next, and serves without NATS too.
const service = connect({ service: "greeting", servers: url, logger: false });
service.serve(greeting, { hello: (name) => `hello ${name}` });
console.log("the mailbox:    ", service.status.mailboxes[0]?.state);

// NATS comes last. Both find it by themselves. (Only an example waits for that, to print the same lines every time.)
let broker = await startBroker({ port });
await both("up");
console.log("NATS came:      ", await hello());
console.log("the mailbox:    ", service.status.mailboxes[0]?.state);

// NATS goes away while both are connected.
await broker.close();
await both("down");
console.log("NATS went:      ", await hello());

// It comes back, at the same address. Nothing needs a restart.
broker = await startBroker({ port });
await both("up");
console.log("NATS came back: ", await hello());

await caller.close();
await service.close();
await broker.close();

async function both(state: "up" | "down"): Promise<void> {
  const there = () => [caller, service].every((bus) => bus.status.connection.state === state);
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 5));
}

// Output:
// no NATS:         hello from the fallback (unreachable)
// the mailbox:     pending
// NATS came:       hello world
// the mailbox:     open
// NATS went:       hello from the fallback (unreachable)
// NATS came back:  hello world
