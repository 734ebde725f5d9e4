import { inCleanContext } from "./clean-context.js";
import { performance, setImmediate } from "./timers.js";

/** How long to work before the socket is read again, in ms. A refusal waits at most this long, plus one handler. */
const slice = 5;

/** Something with work to do. */
export interface Worker {
  /**
   * Works until the given time (on the clock of `performance.now()`) or until there is nothing left to do. Returns
   * whether it wants another turn.
   */
  work(until: number): boolean;
}

/**
 * Shares the time of this process among the workers of one bus, in turn: its mailboxes, its event listeners, and the
 * NATS service API.
 *
 * FAIR-SCHEDULER-1 All workers together get one slice of time. Then the socket is read.
 * FAIR-SCHEDULER-2 A worker that got no turn in one slice comes first in the next one. A worker that wants another turn
 *   comes last.
 * FAIR-SCHEDULER-3 A worker that throws gets another turn, and so do all others.
 * FAIR-SCHEDULER-4 No worker works in the asynchronous context of whoever asked for a turn.
 */
export class FairScheduler {
  readonly #waiting = new Set<Worker>();
  #scheduled = false;

  /** Asks for a turn after the current delivery. Safe to call again. */
  ask(worker: Worker): void {
    this.#waiting.add(worker);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    inCleanContext(setImmediate, this.#run); // FAIR-SCHEDULER-4
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    try {
      this.#giveTurns(performance.now() + slice);
    } finally {
      this.#schedule();
    }
  };

  #giveTurns(until: number): void {
    for (const worker of this.#waiting) {
      this.#waiting.delete(worker);
      let more = true;
      try {
        more = worker.work(until);
      } finally {
        if (more) this.#waiting.add(worker);
      }
      if (performance.now() >= until) return;
    }
  }
}
