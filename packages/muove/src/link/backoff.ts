import type { BackoffBounds } from "./options.js";

/**
 * Exponential backoff with full jitter: the n-th pause is anywhere between nothing and `min * 2^n`, at most `max`, so
 * that the clients of a server that came back do not all dial it in the same instant.
 */
export class Backoff {
  readonly #bounds: BackoffBounds;
  readonly #random: () => number;
  #ceiling: number;

  constructor(bounds: BackoffBounds, random: () => number = Math.random) {
    this.#bounds = bounds;
    this.#random = random;
    this.#ceiling = bounds.min;
  }

  /** The next pause in ms. */
  next(): number {
    const pause = Math.floor(this.#random() * this.#ceiling);
    this.#ceiling = Math.min(this.#bounds.max, this.#ceiling * 2);
    return pause;
  }

  reset(): void {
    this.#ceiling = this.#bounds.min;
  }
}
