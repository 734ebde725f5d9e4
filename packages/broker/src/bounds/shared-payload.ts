import type { Holdings } from "./holdings.js";

/**
 * A large payload that waits for several connections but is in memory once.
 *
 * SHARED-PAYLOAD-1 It counts in the holdings once, from the first `hold()` to the last `release()`.
 */
export class SharedPayload {
  readonly #holdings: Holdings;
  /** In bytes. */
  readonly size: number;
  #holders = 0;

  constructor(holdings: Holdings, size: number) {
    this.#holdings = holdings;
    this.size = size;
  }

  hold(): void {
    if (++this.#holders === 1) this.#holdings.add(this.size);
  }

  release(): void {
    if (--this.#holders === 0) this.#holdings.remove(this.size);
  }
}
