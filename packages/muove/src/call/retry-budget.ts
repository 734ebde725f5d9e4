/**
 * Keeps retries from making an outage worse: each call earns a tenth of a retry, and there are a few to start with.
 * When everything fails, a bus sends 1.1 times as many calls, not `1 + retries` times.
 */
export class RetryBudget {
  readonly #max = 10;
  #left = this.#max;

  earn(): void {
    this.#left = Math.min(this.#max, this.#left + 0.1);
  }

  /** Takes one retry. False: there is none left. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
