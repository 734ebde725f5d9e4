/**
 * How much may be taken of something that clients can make grow, such as memory.
 *
 * BUDGET-1 `used` is the sum of what was taken and not given back.
 */
export class Budget {
  readonly most: number;
  #used = 0;

  constructor(most: number) {
    this.most = most;
  }

  get used(): number {
    return this.#used;
  }

  hasRoomFor(amount: number): boolean {
    return this.#used + amount <= this.most;
  }

  take(amount: number): void {
    this.#used += amount;
  }

  giveBack(amount: number): void {
    this.#used -= amount;
  }
}
