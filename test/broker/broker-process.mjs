// The broker in its own process, with its options as the only argument, so that its memory and CPU time can be measured
// and its end does not end the test. Sends its port when it listens, and answers each message with its figures.

import process from "node:process";
import { startBroker } from "@muove/broker";

const broker = await startBroker(JSON.parse(process.argv[2] ?? "{}"));

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1_000, stats: broker.stats });
});
process.on("disconnect", () => process.exit());
process.send?.(broker.port);
