// 10  Monitors
//
// Who serves a mailbox, who comes, who goes, and why: Erlang's monitors. They cost nothing while nobody uses one.

import { eventually, testkit } from "@muove/testkit";
import { connect } from "muove";
import { pricing } from "./pricing-contract.js";

// NATS, and a service in a process of its own, to break.
const kit = testkit();
const nats = await kit.nats();
const entry = new URL("./pricing-service.js", import.meta.url);
const start = () => kit.service({ entry, nats: nats.url });

const bus = connect({ service: "shop", servers: nats.url, logger: false });
await bus.connected();

// A listener hears of all instances that are there, and of every change.
const monitor = bus.monitor(pricing);
const events: string[] = [];
monitor.on("up", ({ service }) => events.push(`up: ${service}`));
monitor.on("down", ({ reason }) => events.push(`down: ${reason}`));
const next = async (): Promise<string> => `${await eventually(() => events.shift(), { within: 15_000 })}`;

// Erlang's rule: a monitor of something absent reports that at once.
console.log("never started:", await next());

let service = await start();
console.log("started:", await next());
console.log("there now:", monitor.instances.length);

// It hangs: it listens, and says nothing. The monitor notices after some 3 s; when it continues, it is up again.
await service.stop();
console.log("hangs:", await next());
await service.continue();
console.log("goes on:", await next());

// It is killed: the monitor knows within a second. Another instance takes its place.
await service.kill();
console.log("killed:", await next());
service = await start();
console.log("another one:", await next());

// It gets a SIGTERM, and says goodbye as soon as it takes no more messages.
await service.terminate();
console.log("asked to end:", await next());
console.log("there now:", monitor.instances.length);

monitor.stop();
await bus.close();
await kit.close();

// Output:
// never started: down: absent
// started: up: pricing
// there now: 1
// hangs: down: silent
// goes on: up: pricing
// killed: down: gone
// another one: up: pricing
// asked to end: down: closed
// there now: 0
