import type { Core } from "../core/core.js";
import type { MessageContext } from "./context.js";
import type { Figures } from "./figures.js";
import type { Incoming } from "./intake.js";
import { Slot } from "./slot.js";
import type { Waiting } from "./waiting.js";

/**
 * The handlers that run.
 *
 * N1 A handler holds one slot, until it is done or its time is over, whichever comes first: an endless one cannot keep a
 *    slot for ever. What outlives its time is overdue, counted, logged, and told by its signal.
 * N2 Nothing of a message stays behind when its handler is done.
 */
export class Running {
  readonly #core: Core;
  readonly #concurrency: number;
  readonly #done: (now: number, alone?: number) => void;
  readonly #contexts = new Map<string, MessageContext>();
  #inTime = 0;
  #overdue = 0;
  #endless = 0;

  /**
   * @param done is called whenever there may be room for another one: with the share of a mailbox's time that the message
   * took, in ms, where that is known. It is all of its time for a handler that computes, and a slot's part of it for one that waits.
   */
  constructor(core: Core, concurrency: number, done: (now: number, alone?: number) => void) {
    this.#core = core;
    this.#concurrency = concurrency;
    this.#done = done;
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

  /** As many have outlived what the contract gives them, too, whatever their callers said. */
  get stuck(): boolean {
    return this.#endless >= this.#concurrency;
  }

  /** Returns when its handler was done, or began to wait for something. */
  start(waiting: Waiting, begun: number): number {
    const { served } = waiting;
    const incoming = served.intake.take(waiting);
    const work = incoming && served.handling.run(incoming);
    const now = performance.now();
    if (incoming !== undefined && work !== undefined) this.#hold(work, incoming, waiting, begun, now);
    else {
      if (incoming !== undefined) served.figures.done(now - begun);
      this.#done(now, now - begun);
    }
    return now;
  }

  /** Tells the handler of that request that its caller gave up. */
  cancel(reply: string): void {
    this.#contexts.get(reply)?.cancel();
  }

  #hold(work: Promise<void>, incoming: Incoming, { served, msg, endsAt }: Waiting, begun: number, now: number): void {
    const { context } = incoming;
    const endlessAt = now + served.timeout;
    const overdueAt = endsAt === Number.POSITIVE_INFINITY ? endlessAt : endsAt;
    const slot = new Slot(this.#core.deadlines, now, overdueAt, endlessAt, (standing) => {
      if (standing === "overdue") this.#outlived(incoming, served.figures);
      else this.#endless++;
    });
    const { reply } = msg;
    this.#inTime++;
    if (reply !== "") this.#contexts.set(reply, context);
    void work.then(() => {
      if (this.#contexts.get(reply) === context) this.#contexts.delete(reply);
      this.#free(slot);
      const done = performance.now();
      served.figures.done(done - begun);
      this.#done(done, (done - now) / this.#concurrency);
    });
  }

  #free(slot: Slot): void {
    slot.free();
    if (slot.standing === "in time") this.#inTime--;
    else this.#overdue--;
    if (slot.standing === "endless") this.#endless--;
  }

  #outlived({ context, operation }: Incoming, figures: Figures): void {
    this.#inTime--;
    this.#overdue++;
    this.#core.counts.overdue++;
    figures.trouble("overdue");
    operation?.troubled("timeout");
    context.expire();
    context.log.warn({ overdue: this.#overdue }, "a handler outlived its deadline and lost its slot; it still runs");
    this.#done(performance.now());
  }
}
