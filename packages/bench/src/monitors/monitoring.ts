import { answer } from "@muove/testkit/child";
import { type Bus, connect, type Monitor } from "muove";
import { member } from "./contract.js";

// The process that monitors, and calls by key and everyone.

const bus = connect({ service: "monitoring", servers: process.env.NATS_URL, logger: false });
let monitor: Monitor | undefined;

/** Resolves when all instances are known, to how long that took, in ms. */
async function begin(): Promise<number> {
  const started = performance.now();
  monitor = bus.monitor(member);
  await monitor.whenSettled({ timeout: 10_000 });
  return performance.now() - started;
}

/** Resolves to the time at which the monitor reported that an instance is gone. */
function down(): Promise<number> {
  return new Promise((resolve) => {
    const stop = monitor?.on("down", () => {
      stop?.();
      resolve(Date.now());
    });
  });
}

/** Calls per second, 64 in flight. */
async function calls(to: (i: number) => ReturnType<Bus["to"]>, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const outcome = await (to(done) as ReturnType<typeof plain>).ping();
      if (outcome.status !== "ok") throw new Error(outcome.message);
      done++;
    }
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  return done / seconds;
}

const plain = () => bus.to(member);

/** The median of 20 times until all have answered, in ms. */
async function everyone(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const started = performance.now();
    for await (const { outcome } of bus.toAll(member).ping())
      if (outcome.status !== "ok") throw new Error(outcome.message);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[10] as number;
}

answer({
  begin,
  down,
  stop: () => monitor?.stop(),
  known: () => monitor?.instances.length,
  cpu: () => process.cpuUsage(),
  plain: (seconds: number) => calls(plain, seconds),
  keyed: (seconds: number) => calls((i) => bus.to(member, { key: i }), seconds),
  everyone,
});
bus.on("connected", () => process.stdout.write("ready\n"));
