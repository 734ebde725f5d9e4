/**
 * How many casts and events of a bus may wait at the same time, for a connection or to know who is there.
 *
 * WR1 Never more than `limit` wait, whatever they wait for.
 */
export class WaitingRoom {
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False: it is full. Who was let in must leave. */
  enter(): boolean {
    if (this.#size >= this.#limit) return false;
    this.#size++;
    return true;
  }

  leave(): void {
    this.#size--;
  }
}
