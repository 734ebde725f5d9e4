import { answer } from "@muove/testkit/child";
import { type Bus, connect } from "muove";
import { member } from "./contract.js";

// Those who are monitored: as many instances as it is asked for, each with a connection of its own.

const instances: Bus[] = [];

/** Starts instances until there are so many. */
async function grow(count: number): Promise<void> {
  while (instances.length < count) {
    const bus = connect({ service: "member", servers: process.env.NATS_URL, logger: false });
    bus.serve(member, { ping: () => {} });
    instances.push(bus);
    await new Promise((resolve) => bus.on("connected", resolve));
  }
}

answer({
  grow,
  cpu: () => process.cpuUsage(),
  /** Closes one of them, and says which and when. */
  close: () => {
    const bus = instances.pop();
    void bus?.close();
    return { instance: bus?.status.instance, at: Date.now() };
  },
  instances: () => instances.map(({ status }) => status.instance),
});
setInterval(() => {}, 60_000); // Until it is told to grow, nothing else keeps it.
process.stdout.write("ready\n");
