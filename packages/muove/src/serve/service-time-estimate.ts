/** How much a new measurement counts against all earlier ones. */
const weight = 0.1;
/** What exceeds the mean by more than this was not the work: the process was stopped, or collected garbage. */
const mostOfMean = 4;

/**
 * How fast a mailbox works, measured: the mean time from one message done to the next while others were waiting. That
 * holds for handlers that compute and for those that wait, with any concurrency, and includes what refusing costs. While
 * nothing waits, the share of the mailbox's time that each message took stands in for it: so the first burst meets a
 * figure, and a slow past does not keep everybody from waiting for ever.
 */
export class ServiceTimeEstimate {
  /** NaN as long as nothing was measured. */
  #mean = Number.NaN;
  /** NaN where nothing waited then. */
  #lastDone = Number.NaN;

  /** A message was done; `waiting` others are there. `alone` is its share of the mailbox's time, in ms, where it is known. */
  done(now: number, waiting: number, alone: number | undefined): void {
    const time = Number.isNaN(this.#lastDone) ? alone : now - this.#lastDone;
    if (time !== undefined) this.#learn(time);
    this.#lastDone = waiting > 0 ? now : Number.NaN;
  }

  /** Nothing waits any more, for whatever reason: the time until the next one is done is not what the mailbox needs for it. */
  rest(): void {
    this.#lastDone = Number.NaN;
  }

  /** How long `messages` messages take, in ms; 0 as long as nothing was measured. */
  timeFor(messages: number): number {
    return Number.isNaN(this.#mean) ? 0 : messages * this.#mean;
  }

  #learn(time: number): void {
    const mean = Number.isNaN(this.#mean) ? time : this.#mean;
    this.#mean = mean + weight * (Math.min(time, mostOfMean * mean) - mean);
  }
}
