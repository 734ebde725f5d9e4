/**
 * Keeps repeats from making an outage worse: each call earns a tenth of a repeat, and a few are there to begin with.
 * When everything fails, a bus sends 1.1 times what it would have sent, not `1 + repeats` times.
 */
export class RepeatBudget {
  readonly #most = 10;
  #left = this.#most;

  earn(): void {
    this.#left = Math.min(this.#most, this.#left + 0.1);
  }

  /** Takes one repeat, if there is one. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
