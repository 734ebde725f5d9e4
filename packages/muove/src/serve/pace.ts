/** How much a new measurement counts against all earlier ones. */
const weight = 0.1;
/** What exceeds the mean by more than this was not the work: the process was stopped, or collected garbage. */
const mostOfMean = 4;

/**
 * How fast a mailbox works, measured: the mean time from one message done to the next while others were waiting. That
 * holds for handlers that compute and for those that wait, with any concurrency, and includes what refusing costs.
 */
export class Pace {
  #mean: number | undefined;
  #lastDone: number | undefined;

  /** A message was done; `waiting` others are there. */
  done(now: number, waiting: number): void {
    if (this.#lastDone !== undefined) this.#learn(now - this.#lastDone);
    else if (waiting === 0) this.#forget();
    this.#lastDone = waiting > 0 ? now : undefined;
  }

  /** How long `messages` messages take, in ms; 0 as long as nothing was measured. */
  timeFor(messages: number): number {
    return messages * (this.#mean ?? 0);
  }

  /** Nothing waits, so nothing is measured; and a slow past must not keep everybody from waiting for ever. */
  #forget(): void {
    if (this.#mean !== undefined) this.#mean *= 1 - weight;
  }

  #learn(time: number): void {
    const mean = this.#mean ?? time;
    this.#mean = mean + weight * (Math.min(time, mostOfMean * mean) - mean);
  }
}
