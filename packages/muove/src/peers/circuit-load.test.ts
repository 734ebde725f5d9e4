// The circuits of an address under simulated loads. MUOVE_CASES is the number of simulated hours of each.

import { describe, expect, test } from "vitest";
import type { Circuit } from "./circuit.js";
import { Circuits } from "./circuits.js";

const { MUOVE_CASES, MUOVE_SEED } = process.env;
const hours = Number(MUOVE_CASES ?? 1);
const seed = Number(MUOVE_SEED ?? Date.now() % 2 ** 31);
const patience = { timeout: 60_000 + hours * 2_000 };
const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/** The contract's timeout, in ms. */
const contract = 1_000;
/** How long answers take, in ms. */
const latencies = [1, 5, 30, 120];
/** How long a caller of one call after the other waits in between, in ms. */
const pause = 5;

interface Load {
  readonly name: string;
  /** Callers of one call after the other. */
  readonly callers?: number;
  /** Or so many arrivals a second, at random, of so many calls each. */
  readonly rate?: number;
  readonly burst?: number;
  /** In ms; each call draws one. */
  readonly timeouts?: readonly number[];
}

const loads: readonly Load[] = [
  { name: "one caller in sequence", callers: 1 },
  { name: "one caller in sequence, behind a budget", callers: 1, timeouts: [720] },
  { name: "one caller in sequence, with little time", callers: 1, timeouts: [300] },
  { name: "one caller in sequence, with mixed timeouts", callers: 1, timeouts: [150, 300, 600, 1_000, 2_000] },
  { name: "thirty callers", callers: 30 },
  { name: "a call every few seconds", rate: 0.3 },
  { name: "about one call per timeout", rate: 1.5 },
  { name: "a hundred calls a second", rate: 100 },
  { name: "twenty calls a second with mixed timeouts", rate: 20, timeouts: [200, 300, 600, 1_000, 2_000] },
  { name: "bursts of six", rate: 0.5, burst: 6 },
  { name: "bursts of forty", rate: 0.5, burst: 40 },
];

/** What was sent with the same delay ends in the order in which it was sent. */
class Queue {
  #sentAt = new Float64Array(64);
  #first = 0;
  #next = 0;
  readonly #delay: number;
  readonly ended: (sentAt: number) => void;

  constructor(delay: number, ended: (sentAt: number) => void) {
    this.#delay = delay;
    this.ended = ended;
  }

  get nextAt(): number {
    return this.#first === this.#next ? Number.POSITIVE_INFINITY : this.#at(this.#first) + this.#delay;
  }

  push(sentAt: number): void {
    const length = this.#sentAt.length;
    if (this.#next - this.#first === length) {
      this.#sentAt = Float64Array.from({ length: 2 * length }, (_, i) => this.#at(this.#first + i));
      [this.#first, this.#next] = [0, length];
    }
    this.#sentAt[this.#next++ & (this.#sentAt.length - 1)] = sentAt;
  }

  shift(): number {
    return this.#at(this.#first++);
  }

  #at(index: number): number {
    return this.#sentAt[index & (this.#sentAt.length - 1)] as number;
  }
}

/** One of the timeouts that calls draw. */
interface Kind {
  readonly circuit: Circuit;
  readonly answers: readonly Queue[];
  readonly hangs: Queue;
}

/** Callers of one address, on a virtual clock. */
class Simulation {
  now = 0;
  answered = 0;
  timeouts = 0;
  /** How often a circuit has opened. */
  opened = 0;
  /** The timeouts of calls that were sent since {@link hang}, until their circuit opened. */
  readonly timeoutsToOpen = new Map<Circuit, number>();
  readonly #load: Load;
  readonly #kinds: readonly Kind[];
  readonly #pauses = new Queue(pause, () => this.#send());
  readonly #queues: readonly Queue[];
  #arrival = Number.POSITIVE_INFINITY;
  #hanging = 0;
  #hangsSince = 0;
  #random: number;

  constructor(load: Load, seed: number) {
    this.#load = load;
    this.#random = seed;
    const circuits = new Circuits(() => {});
    this.#kinds = (load.timeouts ?? [contract]).map((timeout) => this.#kind(circuits.of(timeout, contract), timeout));
    this.#queues = [...this.#kinds.flatMap(({ answers, hangs }) => [...answers, hangs]), this.#pauses];
    for (let i = 0; i < (load.callers ?? 0); i++) this.#pauses.push(0);
    if (load.rate !== undefined) this.#arrival = this.#gap(load.rate);
  }

  /** From now on, this share of the instances hangs. */
  hang(share: number): void {
    this.#hanging = share;
    this.#hangsSince = this.now;
    this.timeoutsToOpen.clear();
  }

  /** The calls that have ended, refused ones aside. */
  get ended(): number {
    return this.answered + this.timeouts;
  }

  /** Whether all circuits are open. */
  get open(): boolean {
    return this.#kinds.every(({ circuit }) => circuit.open);
  }

  /** Whether some circuits are open. */
  get some(): boolean {
    return this.#kinds.some(({ circuit }) => circuit.open);
  }

  /** Runs for so many ms, or until it is done. */
  run(ms: number, done = () => false): void {
    const end = this.now + ms;
    while (!done()) {
      let next: Queue | undefined;
      let at = this.#arrival;
      for (const queue of this.#queues) if (queue.nextAt < at) [next, at] = [queue, queue.nextAt];
      this.now = Math.min(at, end);
      if (at > end) return;
      if (next === undefined) this.#arrive();
      else next.ended(next.shift());
    }
  }

  #kind(circuit: Circuit, timeout: number): Kind {
    const answered = (sentAt: number): void => {
      this.answered++;
      circuit.answered(sentAt);
      this.#rest();
    };
    const timedOut = (sentAt: number): void => {
      this.timeouts++;
      const before = circuit.open;
      if (!before && sentAt >= this.#hangsSince)
        this.timeoutsToOpen.set(circuit, (this.timeoutsToOpen.get(circuit) ?? 0) + 1);
      circuit.timedOut(sentAt, this.now);
      if (circuit.open && !before) this.opened++;
      this.#rest();
    };
    const answers = latencies.map((latency) => new Queue(latency, answered));
    return { circuit, answers, hangs: new Queue(timeout, timedOut) };
  }

  #arrive(): void {
    const { burst = 1, rate = 1 } = this.#load;
    for (let i = 0; i < burst; i++) {
      this.now += 0.001;
      this.#send();
    }
    this.#arrival = this.now + this.#gap(rate);
  }

  #send(): void {
    const { circuit, answers, hangs } = this.#oneOf(this.#kinds);
    if (!circuit.admits(this.now)) {
      this.#rest();
    } else if (this.#draw() < this.#hanging) hangs.push(this.now);
    else this.#oneOf(answers).push(this.now);
  }

  #rest(): void {
    if (this.#load.callers !== undefined) this.#pauses.push(this.now);
  }

  #gap(rate: number): number {
    return (-Math.log(1 - this.#draw()) / rate) * second;
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[Math.floor(this.#draw() * all.length)] as T;
  }

  /** Mulberry32: from 0 to 1. */
  #draw(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}

describe.each(loads)(`$name (MUOVE_SEED=${seed})`, (load) => {
  test(`CIRCUIT-3 in ${hours} h with one of three instances hanging, it never opens`, patience, () => {
    const world = new Simulation(load, seed);
    world.hang(1 / 3);
    world.run(20 * minute); // The beginning is a case of its own.
    const { opened } = world;
    world.run(hours * hour);
    expect(world.opened).toBe(opened);
    expect(Math.abs(world.timeouts / world.ended - 1 / 3)).toBeLessThan(0.05);
  });

  test(`CIRCUIT-3 in ${hours} h with two of three hanging, it opens every ten hours at most`, patience, () => {
    const world = new Simulation(load, seed);
    world.hang(2 / 3);
    world.run(20 * minute);
    const { opened } = world;
    world.run(hours * hour);
    expect(world.opened - opened).toBeLessThanOrEqual(Math.max(1, hours / 10));
  });

  test("when the first of three instances hangs, each circuit opens by chance in one of 27 cases, for a moment", () => {
    const beginnings = 200;
    let opened = 0;
    for (let i = 0; i < beginnings; i++) {
      const world = new Simulation(load, seed + i);
      world.run(10 * second);
      world.hang(1 / 3);
      const begun = world.ended;
      world.run(hour, () => world.some || world.ended > begun + 200);
      if (!world.some) continue;
      opened++;
      world.run(minute, () => !world.some);
      expect(world.some).toBe(false);
    }
    expect(opened / beginnings).toBeLessThan((2 * (load.timeouts?.length ?? 1)) / 27);
  });

  test("CIRCUIT-3 CIRCUIT-5 when all hang, it opens at the fourth timeout: at first, after health, after a hang", () => {
    const world = new Simulation(load, seed);
    for (const healthy of [0, 5 * minute, 5 * minute, 10 * second, 5 * minute]) {
      world.hang(0);
      world.run(healthy);
      expect(world.some).toBe(false);
      world.hang(1);
      world.run(hour, () => world.open);
      expect(new Set(world.timeoutsToOpen.values())).toEqual(new Set([4]));
      world.run(minute);
      expect(world.open).toBe(true);
      world.hang(0);
      world.run(hour, () => !world.some);
      expect(world.some).toBe(false);
    }
  });

  test("CIRCUIT-4 it closes at the first answer", () => {
    const world = new Simulation({ ...load, timeouts: [load.timeouts?.[0] ?? contract] }, seed);
    world.hang(1);
    world.run(hour, () => world.open);
    world.run(minute);
    world.hang(0);
    const { answered } = world;
    world.run(hour, () => world.answered > answered);
    expect(world.open).toBe(false);
  });
});
