/** The weight of a new measurement in the moving average. */
const weight = 0.1;
/**
 * Caps a measurement at this multiple of the mean: longer ones are pauses of the process, such as garbage collection.
 */
const maxMultiple = 4;

/**
 * Measures how fast a mailbox works: the mean time from one finished message to the next while others wait. That works
 * for synchronous and asynchronous handlers, with any concurrency, and includes the cost of refusing. While nothing
 * waits, it uses each message's share of the mailbox's time instead. So there is an estimate before the first burst,
 * and a slow past is forgotten.
 */
export class ServiceTimeEstimate {
  /** NaN before the first measurement. */
  #mean = Number.NaN;
  /** NaN if no message waited then. */
  #lastDone = Number.NaN;

  /**
   * Records a finished message while `waiting` others wait. `alone` is its share of the mailbox's time, in ms, if
   * known.
   */
  done(now: number, waiting: number, alone: number | undefined): void {
    const time = Number.isNaN(this.#lastDone) ? alone : now - this.#lastDone;
    if (time !== undefined) this.#learn(time);
    this.#lastDone = waiting > 0 ? now : Number.NaN;
  }

  /** Nothing waits: the time until the next message is done will not measure the mailbox's speed. */
  rest(): void {
    this.#lastDone = Number.NaN;
  }

  /** The estimated time for `messages` messages, in ms; 0 before the first measurement. */
  timeFor(messages: number): number {
    return Number.isNaN(this.#mean) ? 0 : messages * this.#mean;
  }

  #learn(time: number): void {
    const mean = Number.isNaN(this.#mean) ? time : this.#mean;
    this.#mean = mean + weight * (Math.min(time, maxMultiple * mean) - mean);
  }
}
