// The broker as a process of its own, with its options as the only argument: what it takes can be measured, and what
// ends it ends no test. Says its port when it listens, and answers each message with what it takes.

import process from "node:process";
import { startBroker } from "@muove/broker";

const broker = await startBroker(JSON.parse(process.argv[2] ?? "{}"));

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1_000, stats: broker.stats });
});
process.on("disconnect", () => process.exit());
process.send?.(broker.port);
