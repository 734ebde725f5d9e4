import type { Core } from "../core/core.js";
import type { MessageContext } from "./context.js";
import type { Figures } from "./figures.js";
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
  readonly #done: (alone?: number) => void;
  readonly #contexts = new Map<string, MessageContext>();
  #inTime = 0;
  #overdue = 0;
  #endless = 0;

  /**
   * @param done is called whenever there may be room for another one: with the share of a mailbox's time that the message
   * took, in ms, where that is known. It is all of its time for a handler that computes, and a slot's part of it for one that waits.
   */
  constructor(core: Core, concurrency: number, done: (alone?: number) => void) {
    this.#core = core;
    this.#concurrency = concurrency;
    this.#done = done;
  }

  get inTime(): number {
    return this.#inTime;
  }

  /** Those that have outlived their callers. */
  get overdue(): number {
    return this.#overdue;
  }

  /** Those that have outlived what the contract gives them, too, whatever their callers said. */
  get endless(): number {
    return this.#endless;
  }

  start(waiting: Waiting): void {
    const { served, msg } = waiting;
    const begun = performance.now();
    const incoming = served.intake.take(waiting);
    if (incoming === undefined) return this.#done(performance.now() - begun);
    const work = served.handling.run(incoming);
    if (work !== undefined) return this.#hold(work, incoming.context, msg.reply, waiting, begun);
    const took = performance.now() - begun;
    served.figures.done(took);
    this.#done(took);
  }

  /** Tells the handler of that request that its caller gave up. */
  cancel(reply: string): void {
    this.#contexts.get(reply)?.cancel();
  }

  #hold(work: Promise<void>, context: MessageContext, reply: string, { served, endsAt }: Waiting, begun: number): void {
    const started = performance.now();
    const callerTime = endsAt === Number.POSITIVE_INFINITY ? served.timeout : endsAt - started;
    const slot = new Slot(callerTime, served.timeout, (standing) => {
      if (standing === "overdue") this.#outlived(context, served.figures);
      else this.#endless++;
    });
    this.#inTime++;
    if (reply !== "") this.#contexts.set(reply, context);
    void work.then(() => {
      if (this.#contexts.get(reply) === context) this.#contexts.delete(reply);
      this.#free(slot);
      const now = performance.now();
      served.figures.done(now - begun);
      this.#done((now - started) / this.#concurrency);
    });
  }

  #free(slot: Slot): void {
    slot.free();
    if (slot.standing === "in time") this.#inTime--;
    else this.#overdue--;
    if (slot.standing === "endless") this.#endless--;
  }

  #outlived(context: MessageContext, figures: Figures): void {
    this.#inTime--;
    this.#overdue++;
    this.#core.counts.overdue++;
    figures.trouble("overdue");
    context.expire();
    context.log.warn({ overdue: this.#overdue }, "a handler outlived its deadline and lost its slot; it still runs");
    this.#done();
  }
}
