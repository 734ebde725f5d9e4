/**
 * Bytes that a broker holds for all of its connections together: what waits to be sent, and what has come of messages
 * that are not complete.
 *
 * HOLDINGS-1 `used` is what was added and not removed again.
 * HOLDINGS-2 Whenever something added takes it over `most`, `exceeded` runs before `add()` returns.
 */
export class Holdings {
  readonly most: number;
  readonly #exceeded: () => void;
  #used = 0;

  constructor(most: number, exceeded: () => void) {
    this.most = most;
    this.#exceeded = exceeded;
  }

  get used(): number {
    return this.#used;
  }

  add(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.most) this.#exceeded();
  }

  remove(bytes: number): void {
    this.#used -= bytes;
  }
}
