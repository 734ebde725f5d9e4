/**
 * The bytes that a broker holds for all its connections together: data waiting to be sent, and parts of incomplete
 * messages.
 *
 * HOLDINGS-1 `used` is the sum of what was added and not removed.
 * HOLDINGS-2 If an addition exceeds `most`, `exceeded` runs before `add()` returns.
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
