import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Delivery, OpenDelivery } from "./delivery.js";
import { Handling } from "./handling.js";
import type { Host } from "./host.js";
import { Intake } from "./intake.js";
import type { OpenCalls } from "./open-calls.js";
import { Slot } from "./slot.js";

/**
 * The handlers that run.
 *
 * N1 A handler holds one slot, until it is done or its time is over, whichever comes first: an endless one cannot keep a
 *    slot for ever. What outlives its time is overdue, counted, logged, and told by its signal.
 * N2 Nothing of a message stays behind when its handler is done.
 */
export class Running {
  readonly #host: Host;
  readonly #intake: Intake;
  readonly #handling: Handling;
  readonly #concurrency: number;
  readonly #calls: OpenCalls;
  readonly #done: (now: number, alone?: number) => void;
  readonly #log: RateLimitedLog;
  #inTime = 0;
  #overdue = 0;
  #endless = 0;

  /**
   * @param done is called whenever there may be room for another one: with the share of a mailbox's time that the message
   * took, in ms, where that is known. It is all of its time for a handler that computes, and a slot's part of it for one that waits.
   */
  constructor(host: Host, concurrency: number, calls: OpenCalls, done: (now: number, alone?: number) => void) {
    this.#host = host;
    this.#intake = new Intake(host);
    this.#handling = new Handling(host);
    this.#concurrency = concurrency;
    this.#calls = calls;
    this.#done = done;
    this.#log = new RateLimitedLog(host.env.log);
  }

  get inTime(): number {
    return this.#inTime;
  }

  /** Every slot is held. */
  get full(): boolean {
    return this.#inTime >= this.#concurrency;
  }

  /** As many have outlived their callers: they hold no slot, but are bounded as well, however little time callers give. */
  get exhausted(): boolean {
    return this.#overdue >= this.#concurrency;
  }

  /** As many have outlived what their owner gives them, too, whatever their callers said. */
  get stuck(): boolean {
    return this.#endless >= this.#concurrency;
  }

  /** Returns when its handler was done, or began to wait for something. */
  start(delivery: Delivery, begun: number): number {
    const { longest, figures } = delivery.endpoint;
    const open = this.#intake.open(delivery, begun + longest);
    const work = open && this.#handling.run(open);
    const now = performance.now();
    if (open !== undefined && work !== undefined) this.#hold(work, open, delivery, begun, now);
    else {
      if (open !== undefined) figures.done(now - begun);
      this.#done(now, now - begun);
    }
    return now;
  }

  #hold(work: Promise<void>, open: OpenDelivery, delivery: Delivery, begun: number, now: number): void {
    const { endpoint, headers, endsAt } = delivery;
    const { context } = open;
    const endlessAt = now + endpoint.longest;
    const slot = new Slot(this.#host.env.deadlines, now, Math.min(endsAt, endlessAt), endlessAt, (standing) => {
      if (standing === "overdue") this.#outlived(open);
      else this.#endless++;
    });
    this.#inTime++;
    this.#calls.add(headers.call, context);
    void work.then(() => {
      this.#calls.delete(headers.call, context);
      this.#free(slot);
      const done = performance.now();
      endpoint.figures.done(done - begun);
      this.#done(done, (done - now) / this.#concurrency);
    });
  }

  #free(slot: Slot): void {
    slot.free();
    if (slot.standing === "in time") this.#inTime--;
    else this.#overdue--;
    if (slot.standing === "endless") this.#endless--;
  }

  #outlived({ endpoint: { address, figures }, context, operation }: OpenDelivery): void {
    this.#inTime--;
    this.#overdue++;
    this.#host.env.counts.overdue++;
    figures.trouble("overdue");
    operation?.troubled("timeout");
    context.expire();
    const fields = () => ({ ...context.logged, overdue: this.#overdue });
    this.#log.warn(address, fields, "a handler outlived its deadline and lost its slot; it still runs");
    this.#done(performance.now());
  }
}
