import { answer } from "@muove/testkit/child";
import { type Bus, connect } from "muove";
import { member } from "./contract.js";

// The monitored instances, each with its own connection. Their number is set by the test.

const instances: Bus[] = [];

/** Starts instances until there are that many. */
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
  /** Closes one of them, and returns which and when. */
  close: () => {
    const bus = instances.pop();
    void bus?.close();
    return { instance: bus?.status.instance, at: Date.now() };
  },
  instances: () => instances.map(({ status }) => status.instance),
});
setInterval(() => {}, 60_000); // Keeps the process alive until instances are started.
process.stdout.write("ready\n");
