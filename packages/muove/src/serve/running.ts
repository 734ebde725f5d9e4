import { inOwnContext } from "../base/clean-context.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import { performance, turn } from "../base/timers.js";
import type { Origin } from "../link/index.js";
import type { Delivery, OpenDelivery } from "./delivery.js";
import { Handling } from "./handling.js";
import type { Host } from "./host.js";
import { Intake } from "./intake.js";
import type { OpenCalls } from "./open-calls.js";
import { Slot, type SlotState } from "./slot.js";

/** @param alone the message's share of the mailbox's time, in ms, if known. */
type Done = (delivery: Delivery, now: number, alone?: number) => void;

/**
 * The running handlers.
 *
 * RUNNING-1 A handler holds one slot until it is done or its time is over, so a handler that never ends does not keep
 *   its slot. After its time it is overdue: it is counted and logged, and its signal aborts.
 * RUNNING-2 When a handler is done, nothing of its message is kept.
 * RUNNING-3 After `interrupt()` no handler is running that has not been counted, and no caller waits for one.
 * RUNNING-4 Each message has an asynchronous context of its own, with the trace of the message in it and nothing else.
 */
export class Running {
  readonly #host: Host;
  readonly #intake: Intake;
  readonly #handling: Handling;
  readonly #concurrency: number;
  readonly #calls: OpenCalls;
  readonly #done: Done;
  readonly #settled: () => void;
  readonly #log: RateLimitedLog;
  /** All that run, in any order. */
  readonly #slots: Slot<OpenDelivery>[] = [];
  #inTime = 0;
  /** Those whose own time is over, abandoned ones included. */
  #runaways = 0;
  #abandoned = 0;

  /**
   * @param done is called whenever there may be a free slot, with the message's share of the mailbox's time, in ms, if
   * known: all of its time for a synchronous handler, its time divided by the slots for an asynchronous one.
   * @param settled is called when nobody waits for a handler any longer that is not done.
   */
  constructor(host: Host, concurrency: number, calls: OpenCalls, done: Done, settled: () => void) {
    this.#host = host;
    this.#intake = new Intake(host);
    this.#handling = new Handling(host);
    this.#concurrency = concurrency;
    this.#calls = calls;
    this.#done = done;
    this.#settled = settled;
    this.#log = new RateLimitedLog(host.env.log);
  }

  get inTime(): number {
    return this.#inTime;
  }

  /** How many handlers run that have time left, or whose callers still wait. */
  get awaited(): number {
    return this.#slots.length - this.#abandoned;
  }

  /** Whether every slot is taken. */
  get full(): boolean {
    return this.#inTime >= this.#concurrency;
  }

  /** Whether there are as many overdue handlers as slots. They hold no slot, but must be bounded, too. */
  get exhausted(): boolean {
    return this.#slots.length - this.#inTime >= this.#concurrency;
  }

  /** Whether there are as many runaway handlers as slots. */
  get stuck(): boolean {
    return this.#runaways >= this.#concurrency;
  }

  /** Whether a caller waits for the answer of a handler that runs, on this connection. */
  owes(origin: Origin, now: number): boolean {
    return this.#slots.some(({ of }) => of.delivery.isDueOn(origin, now));
  }

  /**
   * Returns the time when the handler was done, or began to wait for something. Only the scheduler's turns may call it:
   * their context is clean (FAIR-SCHEDULER-4).
   */
  start(delivery: Delivery, begun: number): number {
    return inOwnContext(this.#start, delivery, begun); // RUNNING-4
  }

  readonly #start = (delivery: Delivery, begun: number): number => {
    const { handlerTimeout, figures } = delivery.endpoint;
    const open = this.#intake.open(delivery, begun + handlerTimeout);
    const work = open && this.#handling.run(open);
    const now = performance.now();
    if (open !== undefined && work !== undefined) this.#hold(work, open, delivery, begun, now);
    else {
      if (open !== undefined) figures.done(now - begun);
      this.#done(delivery, now, now - begun);
    }
    return now;
  };

  #hold(work: Promise<void>, open: OpenDelivery, delivery: Delivery, begun: number, now: number): void {
    const { endpoint, headers, endsAt } = delivery;
    const { context } = open;
    const runawayAt = begun + endpoint.handlerTimeout;
    const slot = new Slot(this.#host.env.deadlines, now, endsAt, runawayAt, open, this.#onChange);
    slot.place = this.#slots.push(slot) - 1;
    this.#inTime++;
    this.#calls.add(headers.call, context);
    void work.then(() => {
      this.#calls.delete(headers.call, context);
      this.#free(slot);
      const done = performance.now();
      endpoint.figures.done(done - begun);
      this.#done(delivery, done, (done - now) / this.#concurrency);
    });
  }

  /**
   * Aborts the signals of all running handlers, gives them a turn of the loop to end, and then answers the callers of
   * those that did not (RUNNING-3). Returns how many were running.
   */
  async interrupt(): Promise<number> {
    const running = this.#slots.length;
    if (running === 0) return 0;
    this.#host.env.counts.interrupted += running;
    for (const { of } of [...this.#slots]) of.context.interrupt();
    await turn();
    for (const slot of [...this.#slots]) {
      this.#handling.interrupt(slot.of);
      this.#free(slot);
    }
    return running;
  }

  /** The handler is done, or nobody waits for it any longer. */
  #free(slot: Slot<OpenDelivery>): void {
    if (slot.place === -1) return;
    this.#remove(slot);
    slot.free();
    if (slot.state === "in time") this.#inTime--;
    if (slot.state === "runaway" || slot.state === "abandoned") this.#runaways--;
    if (slot.state === "abandoned") this.#abandoned--;
  }

  #remove(slot: Slot<OpenDelivery>): void {
    const last = this.#slots.pop();
    if (last !== undefined && last !== slot) {
      this.#slots[slot.place] = last;
      last.place = slot.place;
    }
    slot.place = -1;
  }

  readonly #onChange = (slot: Slot<OpenDelivery>, from: SlotState): void => {
    if (from === "in time") this.#onOverdue(slot);
    if (from === "overdue") this.#runaways++;
    if (slot.state !== "abandoned") return;
    this.#abandoned++;
    this.#settled();
  };

  #onOverdue({ of: { delivery, endpoint, context, operation }, left }: Slot<OpenDelivery>): void {
    const { address, figures } = endpoint;
    this.#inTime--;
    const overdue = this.#slots.length - this.#inTime;
    this.#host.env.counts.overdue++;
    figures.failure("overdue");
    operation?.failedWith("timeout");
    context.expire(left);
    const fields = () => ({ ...context.logged, overdue, left: Math.round(left) });
    this.#log.warn(address, fields, "a handler exceeded its deadline and lost its slot; it is still running");
    delivery.letter?.ended({ kind: "failed", error: `it took longer than ${endpoint.handlerTimeout} ms` });
    this.#done(delivery, performance.now());
  }
}
