import { answer } from "@muove/testkit/child";
import { type Client, connect, supervised } from "muove";
import { work } from "./contract.js";
import { type Tallied, Tally } from "./tally.js";

// The process that makes the load, one run at a time, so that runs differ only in the load.

const bus = connect({ service: "load", servers: process.env.NATS_URL, logger: false });
const target: Client<typeof work.messages> = bus.to(work);

/** Keeps a fixed number of calls in flight, to measure the capacity. */
async function closedLoop(inFlight: number, ms: number, seconds: number): Promise<Tallied> {
  const tally = new Tally();
  const end = performance.now() + seconds * 1_000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) await tally.count(target.spin({ ms }));
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return tally.result(seconds);
}

/** Sends a fixed number of calls per second regardless of the answers, like independent users. */
async function openLoop(rate: number, ms: number, seconds: number): Promise<Tallied> {
  const tally = new Tally();
  const start = performance.now();
  const calls: Promise<void>[] = [];
  while (calls.length < rate * seconds) {
    const due = Math.min(rate * seconds, ((performance.now() - start) / 1_000) * rate);
    while (calls.length < due) calls.push(tally.count(target.spin({ ms })));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(calls);
  return tally.result(seconds);
}

answer({ closedLoop, openLoop });
supervised(bus);
bus.on("connected", () => process.stdout.write("ready\n"));
