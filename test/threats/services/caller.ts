import { answer } from "@muove/testkit/child";
import { type Address, type CallOptions, connect, type DeadLetter, type Monitor, supervised } from "muove";
import { stock } from "./contract.js";
import { countedLog } from "./counted-log.js";
import { vitals } from "./vitals.js";

// A caller of `stock` in its own process, so that a test can see whether it survives.

const log = countedLog();
const bus = connect({ service: "basket", servers: process.env.NATS_URL, logger: log.logger });
let monitor: Monitor | undefined;
const seen: string[] = [];
const dead: DeadLetter[] = [];
bus.on("deadLetter", (letter) => dead.push(letter));

type Method = (input: unknown, options?: CallOptions) => PromiseLike<unknown>;

answer({
  ...vitals(bus, log),
  call(message: string, input: unknown, options: CallOptions = {}, to?: Address) {
    const client = to === undefined ? bus.to(stock) : bus.to(stock, to);
    const methods = client as unknown as Record<string, Method>;
    return methods[message]?.(input, options);
  },
  /** Monitors `stock` from now on. Resolves to the instances that are there. */
  async monitor() {
    monitor ??= bus.monitor(stock);
    monitor.on("up", ({ instance }) => seen.push(`up ${instance}`));
    monitor.on("down", ({ instance, reason }) => seen.push(`down ${instance} ${reason}`));
    await monitor.whenSettled({ timeout: 5_000 });
    return monitor.instances.map(({ instance }) => instance);
  },
  /** What the monitor has reported. */
  seen: () => seen,
  known: () => monitor?.instances.length,
  deadLetters: () => dead.length,
});
supervised(bus);
bus.on("connected", () => process.send?.("ready"));
