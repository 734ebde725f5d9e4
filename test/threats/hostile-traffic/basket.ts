import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { type Call, connect, type Delivered, supervised } from "muove";
import { Random } from "../../support/random.js";
import { countedLog } from "../services/counted-log.js";
import { vitals } from "../services/vitals.js";
import { basket, stock } from "./contract.js";
import { recorder } from "./records.js";

// The good caller: it calls, casts, listens and monitors, and records what it observes.

const { NATS_URL, FOLDER = ".", SEED, WORK = "0.3" } = process.env;
const ms = Number(WORK);
const log = countedLog();
const bus = connect({ service: "basket", servers: NATS_URL, logger: log.logger });
const random = new Random(Number(SEED));
const { keep, write } = recorder(FOLDER, "basket");
let [next, pending, events] = [0, 0, 0];
const seen: string[] = [];

bus.serve(basket, { check: () => ({ by: bus.status.instance }) });
bus.on(stock.events.sold, () => void events++);
bus.on("deadLetter", ({ input, reason, delivered }) => {
  const { id } = input as { id: string };
  keep({ type: "ended", id, outcome: `dead letter: ${reason}/${delivered}`, delivered, ms: 0 });
});
const monitor = bus.monitor(stock);
monitor.on("up", ({ instance }) => seen.push(`up ${instance}`));
monitor.on("down", ({ instance, reason }) => seen.push(`down ${instance} ${reason}`));

interface Outcome {
  readonly status: string;
  readonly reason?: string;
  readonly delivered: Delivered;
  readonly value?: { readonly by: string };
}

async function settle(id: string, call: Call<unknown, { readonly by: string }, never>): Promise<string> {
  pending++;
  const start = performance.now();
  const { status, reason, delivered, value }: Outcome = await call;
  const outcome = reason === undefined ? status : `${reason}/${delivered}`;
  keep({ type: "ended", id, outcome, delivered, ...(value && { by: value.by }), ms: performance.now() - start });
  pending--;
  return status;
}

/** One good message: mostly a call to any instance, sometimes by key or tags, sometimes a cast. */
function one(): Promise<string> | undefined {
  const id = `basket-${next++}`;
  const kind = random.next();
  if (kind < 0.05) {
    keep({ type: "begun", id, how: "tell" });
    bus.to(stock).tell({ id, ms: 0 });
    return undefined;
  }
  if (kind < 0.2) {
    keep({ type: "begun", id, how: "repeated" });
    return settle(id, bus.to(stock).again({ id, ms }, { retries: 1 }));
  }
  keep({ type: "begun", id, how: "once" });
  if (kind < 0.3) return settle(id, bus.to(stock, { key: id }).once({ id, ms }));
  if (kind < 0.35) return settle(id, bus.to(stock, { tags: { region: "eu" } }).once({ id, ms }));
  return settle(id, bus.to(stock).once({ id, ms }));
}

const tally = { calls: 0, ok: 0 };
async function counted(call: Promise<string> | undefined): Promise<void> {
  if (call === undefined) return;
  tally.calls++;
  if ((await call) === "ok") tally.ok++;
}

answer({
  ...vitals(bus, log),
  /** Good calls per second in a closed loop with this many lanes. */
  async capacity(lanes: number, during: number) {
    const before = tally.ok;
    const started = performance.now();
    const lane = async (): Promise<void> => {
      while (performance.now() - started < during) await counted(one());
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return ((tally.ok - before) / (performance.now() - started)) * 1_000;
  },
  /** Starts an open loop at this rate per second. It ends with `stop`. */
  open(rate: number) {
    Object.assign(tally, { calls: 0, ok: 0 });
    void openLoop(rate);
  },
  async stop() {
    stopped = true;
    while (pending > 0) await sleep(10);
    await sleep(200); // For dead letters of the last casts.
    await write();
    return { ...tally, events, seen, known: monitor.instances.length };
  },
  ready: async () => (await monitor.whenSettled()) && monitor.instances.length,
});

let stopped = false;
async function openLoop(rate: number): Promise<void> {
  const started = performance.now();
  for (let made = 0; !stopped; await sleep(1)) {
    for (const due = ((performance.now() - started) * rate) / 1_000; made < due; made++) void counted(one());
  }
}
supervised(bus);
bus.on("connected", () => process.send?.("ready"));
