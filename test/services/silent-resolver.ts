import { createSocket } from "node:dgram";
import { once } from "node:events";
import { startBroker } from "@muove/broker";
import { connect } from "muove";

// Runs where 127.0.0.1 is the resolver: one that never answers. Prints, as JSON, how long buses take whose servers are a
// name and the address of a NATS that is there, in ms, and what they report.

const resolver = createSocket("udp4").bind(53, "127.0.0.1");
await once(resolver, "listening");
const broker = await startBroker({ port: 0 });
const servers = ["nats.example:4222", broker.url];

const times: number[] = [];
const reports: string[] = [];
for (let i = 0; i < 8; i++) {
  const began = performance.now();
  const bus = connect({ service: "resolves", servers, logger: false });
  bus.on("connectFailed", ({ kind, error }) => reports.push(`${kind}: ${error.message}`));
  if (await bus.connected({ timeout: 60_000 })) times.push(performance.now() - began);
  await bus.close({ timeout: 1 });
}
process.stdout.write(JSON.stringify({ times, reports }));
process.exit(); // A look-up that is under way would keep it for long.
