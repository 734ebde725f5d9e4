import type { BackoffBounds } from "./options.js";

/**
 * Exponential backoff with full jitter: the n-th pause is random between 0 and `min * 2^n`, and at most `max`. So the
 * clients of a restarted server do not all dial it at the same moment.
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
