/**
 * Keeps retries from making an outage worse: each call earns a tenth of a retry, and a few are there to begin with.
 * When everything fails, a bus sends 1.1 times what it would have sent, not `1 + retries` times.
 */
export class RetryBudget {
  readonly #most = 10;
  #left = this.#most;

  earn(): void {
    this.#left = Math.min(this.#most, this.#left + 0.1);
  }

  /** Takes one retry, if there is one. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
