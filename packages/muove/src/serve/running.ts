import type { Core } from "../core/core.js";
import type { MessageContext } from "./context.js";
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
  readonly #done: () => void;
  readonly #contexts = new Map<string, MessageContext>();
  #inTime = 0;
  #overdue = 0;
  #endless = 0;

  /** @param done is called whenever a slot has come free. */
  constructor(core: Core, done: () => void) {
    this.#core = core;
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
    const incoming = served.intake.take(waiting);
    if (incoming === undefined) return this.#done();
    const work = served.handling.run(incoming);
    if (work === undefined) return this.#done();
    this.#hold(work, incoming.context, msg.reply ?? "", waiting);
  }

  /** Tells the handler of that request that its caller gave up. */
  cancel(reply: string): void {
    this.#contexts.get(reply)?.cancel();
  }

  #hold(work: Promise<void>, context: MessageContext, reply: string, { served, endsAt }: Waiting): void {
    this.#inTime++;
    if (reply !== "") this.#contexts.set(reply, context);
    const started = performance.now();
    const state = { overdue: false, endless: false };
    const call = endsAt !== Number.POSITIVE_INFINITY;
    let timer = unheld(
      () => {
        state.overdue = true;
        this.#outlived(context);
        timer = unheld(
          () => {
            state.endless = true;
            this.#endless++;
          },
          started + served.timeout - performance.now(),
        );
      },
      call ? endsAt - started : served.timeout,
    );
    void work.then(() => {
      clearTimeout(timer);
      if (this.#contexts.get(reply) === context) this.#contexts.delete(reply);
      if (state.overdue) this.#overdue--;
      else this.#inTime--;
      if (state.endless) this.#endless--;
      this.#done();
    });
  }

  #outlived(context: MessageContext): void {
    this.#inTime--;
    this.#overdue++;
    this.#core.counts.overdue++;
    context.expire();
    context.log.warn({ overdue: this.#overdue }, "a handler outlived its deadline and lost its slot; it still runs");
    this.#done();
  }
}

/** A timer that does not keep a process alive: one that has closed its bus may end, whatever still hangs in a handler. */
function unheld(callback: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(callback, ms).unref();
}
