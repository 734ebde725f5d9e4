import { freePort } from "@muove/testkit";
import type { Answers } from "@muove/testkit/child";
import { type Bus, type Client, connect, type Outcome } from "muove";
import { Histogram } from "../load/histogram.js";
import { memoryInUse } from "../processes/memory.js";
import { Questions } from "../work/question.js";
import { full, holding, nobody } from "./contract.js";

// A caller of absent mailboxes, and one with pending calls.

/** Times in ms. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** Casts to nobody: dead letters per second, and CPU time in microseconds for each. */
export interface Buried {
  readonly perSecond: number;
  readonly cpu: number;
}

export async function open(url: string): Promise<Answers> {
  const bus = connect({ service: "prober", servers: url });
  await new Promise<void>((resolve) => void bus.on("connected", () => resolve()));
  const lonely = connect({ service: "lonely", servers: `nats://127.0.0.1:${await freePort()}` });
  const held = new Held(bus);
  return {
    absent: (seconds: number) => time("absent", bus.to(nobody).quote, seconds),
    unreachable: (seconds: number) => time("unreachable", lonely.to(nobody).quote, seconds),
    overloaded: (seconds: number) => time("overloaded", bus.to(full).hold, seconds),
    fill: () => void bus.to(full).hold(questions.next()),
    buried: (seconds: number) => bury(bus, seconds),
    hold: (calls: number) => held.open(calls),
    answered: () => held.answered(),
    memoryInUse,
  };
}

const questions = new Questions(100);

/** Times of calls with that outcome, one after the other. @throws at any other outcome. */
async function time(
  reason: string,
  ask: (input: ReturnType<Questions["next"]>) => PromiseLike<Outcome<unknown>>,
  seconds: number,
): Promise<Times> {
  const times = new Histogram();
  const end = performance.now() + seconds * 1_000;
  for (let start = performance.now(); start < end; ) {
    const outcome = await ask(questions.next());
    if (outcome.status !== "unavailable" || outcome.reason !== reason) throw new Error(JSON.stringify(outcome));
    const now = performance.now();
    times.record(now - start);
    start = now;
  }
  return { p50: times.quantile(0.5), p99: times.quantile(0.99) };
}

/** Sends casts to nobody in batches, and waits until each batch has become dead letters. */
async function bury(bus: Bus, seconds: number): Promise<Buried> {
  let [sent, buried] = [0, 0];
  let all = (): void => {};
  const stop = bus.on("deadLetter", () => {
    if (++buried === sent) all();
  });
  const client: Client<typeof nobody.messages> = bus.to(nobody);
  const cpu = process.cpuUsage();
  const start = performance.now();
  while (performance.now() < start + seconds * 1_000) {
    const done = new Promise<void>((resolve) => {
      all = resolve;
    });
    for (let i = 0; i < 256; i++, sent++) client.sold(questions.next());
    await done;
  }
  stop();
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (buried / (performance.now() - start)) * 1_000, cpu: (user + system) / buried };
}

/** Calls in flight. */
class Held {
  readonly #client: Client<typeof holding.messages>;
  #calls: PromiseLike<Outcome<number>>[] = [];

  constructor(bus: Bus) {
    this.#client = bus.to(holding);
  }

  open(calls: number): void {
    for (let i = 0; i < calls; i++) this.#calls.push(this.#client.hold(questions.next()));
  }

  /** The number of answered calls, once all have ended. */
  async answered(): Promise<number> {
    const outcomes = await Promise.all(this.#calls);
    this.#calls = [];
    return outcomes.filter(({ status }) => status === "ok").length;
  }
}
