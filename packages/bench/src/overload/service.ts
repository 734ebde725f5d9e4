import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { work } from "./contract.js";

// The overloaded service: one instance, whose handler keeps the event loop busy.

const bus = connect({ service: "work", servers: process.env.NATS_URL, logger: false });
bus.serve(work, {
  spin({ ms }) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    return { ms };
  },
});
answer({ heap: () => process.memoryUsage().heapUsed });
supervised(bus);
process.stdout.write("ready\n");
