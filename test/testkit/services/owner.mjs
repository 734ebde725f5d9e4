// Stands for a test run that ends before it can clean up: starts processes with a kit, prints their pids, and waits.

import { testkit } from "@muove/testkit";

const kit = testkit();
const on = process.argv[2] === "nats-server" ? "nats-server" : "embedded";
const nats = await kit.nats({ on });
const entry = new URL("./odd.mjs", import.meta.url);
const running = await kit.service({ entry, args: ["silent"] });
const stopped = await kit.service({ entry, args: ["silent"] });
await stopped.stop();

const pids = [nats.pid, running.pid, stopped.pid];
if (process.argv[3] === "throw") throw new Error(`started: ${JSON.stringify(pids)}`);
console.log(`started: ${JSON.stringify(pids)}`);
setInterval(() => {}, 1_000);
