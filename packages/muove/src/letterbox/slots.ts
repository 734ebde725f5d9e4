import type { Worker } from "../base/fair-scheduler.js";
import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import { Delivery } from "../serve/delivery.js";
import type { Endpoint } from "../serve/endpoint.js";
import type { Host } from "../serve/host.js";
import { OpenCalls } from "../serve/open-calls.js";
import { Running } from "../serve/running.js";
import { readRequestHeaders } from "../wire/headers.js";
import type { Holds } from "./holds.js";
import type { Letter } from "./letter.js";
import { Pace } from "./pace.js";

/** How many messages of a mailbox have letters lately, and how many have none. */
export interface Sharers {
  readonly busy: number;
  readonly others: number;
}

/** How far ahead letters are asked for, in ms: so that they are there when handlers that take no time are done. */
const ahead = 20;
/** How long letters may be about to begin while no handler ends, in ms. */
const patience = 1_000;

/**
 * The slots for handlers of letters; calls and plain casts have slots of their own.
 *
 * SLOTS-1 At most `concurrency` handlers hold a slot. As many letters as there are free slots are about to begin, or are
 *   asked for; and as many more, up to `concurrency`, as will begin within 20 ms at the present pace.
 * SLOTS-2 If none of those that are about to begin can for a second, because no handler ends, they are given back.
 */
export class Slots implements Worker {
  readonly #host: Host;
  readonly #concurrency: number;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #holds: Holds;
  readonly #running: Running;
  readonly #freed: () => void;
  readonly #sharers: () => Sharers;
  readonly #giveBack: (letter: Letter) => void;
  readonly #pace = new Pace();
  readonly #ready: Letter[] = [];
  #reserved = 0;
  #held: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  /**
   * @param endpoints by message. @param freed is called whenever there may be a free slot. @param giveBack takes the letters
   * that nobody here begins with.
   */
  constructor(
    host: Host,
    concurrency: number,
    endpoints: ReadonlyMap<string, Endpoint>,
    holds: Holds,
    freed: () => void,
    sharers: () => Sharers,
    giveBack: (letter: Letter) => void,
  ) {
    this.#host = host;
    this.#concurrency = concurrency;
    this.#endpoints = endpoints;
    this.#holds = holds;
    this.#running = new Running(
      host,
      concurrency,
      new OpenCalls(),
      () => this.#done(),
      () => this.#settleIdle(),
    );
    this.#freed = freed;
    this.#sharers = sharers;
    this.#giveBack = giveBack;
  }

  /** How many handlers could begin now. */
  get free(): number {
    if (this.#running.exhausted) return 0;
    const soon = Math.min(this.#concurrency, this.#pace.within(ahead));
    return Math.max(0, this.#concurrency + soon - this.#running.inTime - this.#reserved - this.#ready.length);
  }

  /** How many of them a busy message may keep: the first letter of every other one finds a slot, if there are enough. */
  get share(): number {
    const { busy, others } = this.#sharers();
    return Math.max(0, Math.ceil((this.free - others) / Math.max(1, busy)));
  }

  get running(): number {
    return this.#running.inTime;
  }

  /** Letters that are about to begin. */
  get ready(): number {
    return this.#ready.length;
  }

  get stuck(): boolean {
    return this.#running.stuck;
  }

  /** Keeps slots for letters that are asked for. */
  reserve(slots: number): void {
    this.#reserved += slots;
  }

  release(slots: number): void {
    this.#reserved -= slots;
    this.#freed(); // A letter of another message may wait for one.
  }

  /** Begins with a letter for which a slot was kept. */
  beginKept(letter: Letter): void {
    this.#reserved--;
    this.begin(letter);
  }

  /** Begins with a letter, when the scheduler gives it time. */
  begin(letter: Letter): void {
    this.#ready.push(letter);
    this.#host.env.scheduler.ask(this);
  }

  work(until: number): boolean {
    while (this.#ready.length > 0 && !this.#running.full) {
      const letter = this.#ready.shift() as Letter;
      if (this.#holds.holds(letter)) this.#start(letter);
      else this.#freed();
      if (performance.now() >= until) break;
    }
    this.#settleIdle();
    this.#watchReady();
    return this.#ready.length > 0 && !this.#running.full; // Without a slot, #done() continues.
  }

  /** Takes back the letters that nobody began with. */
  takeReady(): Letter[] {
    clearTimeout(this.#held);
    return this.#ready.splice(0);
  }

  /** Resolves when no handler holds a slot, and none is about to begin. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#settleIdle();
    });
  }

  /** See {@link Running.interrupt}. */
  interrupt(): Promise<number> {
    return this.#running.interrupt();
  }

  // SLOTS-2
  #watchReady(): void {
    clearTimeout(this.#held);
    if (this.#ready.length === 0) return;
    this.#held = setTimeout(() => {
      for (const letter of this.#ready.splice(0)) this.#giveBack(letter);
      this.#settleIdle();
    }, patience).unref();
  }

  #start(letter: Letter): void {
    const { msg, message } = letter.from;
    const endpoint = this.#endpoints.get(message) as Endpoint;
    const now = performance.now();
    const headers = readRequestHeaders(msg);
    endpoint.figures.received++;
    const delivery = new Delivery(endpoint, msg, headers, "", undefined, now, Number.POSITIVE_INFINITY, unused, letter);
    this.#running.start(delivery, now);
  }

  #done(): void {
    this.#pace.done(performance.now());
    if (this.#ready.length > 0) this.#host.env.scheduler.ask(this);
    this.#freed();
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#running.inTime === 0 && this.#ready.length === 0) this.#idle?.();
  }
}

/** Nobody cancels a letter. */
const unused = (): void => {};
