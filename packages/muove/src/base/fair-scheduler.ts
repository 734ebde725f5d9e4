/**
 * How long is worked before the socket is read again, in ms: what a refusal waits for at the most, but for one handler.
 */
const slice = 5;

/** Something that has work to do. */
export interface Worker {
  /**
   * Works until then, on the clock of `performance.now()`, or until there is nothing it can do. Returns whether it
   * wants another turn.
   */
  work(until: number): boolean;
}

/**
 * Gives the time of this process to those of one bus who have work to do, in turn: its mailboxes, its listeners to
 * events, and whoever answers the questions of tools.
 *
 * FAIR-SCHEDULER-1 However many they are, they share one slice of time. Then the socket is read.
 * FAIR-SCHEDULER-2 Who did not get a turn in one slice, for want of time, comes first in the next one; who wants
 *   another turn comes last.
 * FAIR-SCHEDULER-3 Who throws has another turn, as have all others.
 */
export class FairScheduler {
  readonly #waiting = new Set<Worker>();
  #scheduled = false;

  /** Asks for a turn, after what is being delivered now. May be called again. */
  ask(worker: Worker): void {
    this.#waiting.add(worker);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    setImmediate(this.#run);
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
