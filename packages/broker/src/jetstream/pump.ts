import { setImmediate } from "../timers.js";

/** Something that delivers. */
export interface Deliverer {
  /** Delivers for a while. True: there is more to deliver. */
  deliver(): boolean;
}

/**
 * Lets consumers deliver, once per turn of the event loop.
 *
 * PUMP-1 Nothing is delivered within a call that brings it about: a message that is delivered to a stream, which feeds
 *   a consumer, does not recurse.
 * PUMP-2 After `stop()` nothing is delivered.
 */
export class Pump {
  #scheduled = new Set<Deliverer>();
  #immediate: NodeJS.Immediate | undefined;
  #stopped = false;

  schedule(deliverer: Deliverer): void {
    if (this.#stopped) return;
    this.#scheduled.add(deliverer);
    this.#immediate ??= setImmediate(this.#run);
  }

  stop(): void {
    this.#stopped = true;
    this.#scheduled.clear();
  }

  readonly #run = (): void => {
    const scheduled = this.#scheduled;
    this.#scheduled = new Set();
    this.#immediate = undefined;
    for (const deliverer of scheduled) if (!this.#stopped && deliverer.deliver()) this.schedule(deliverer);
  };
}
