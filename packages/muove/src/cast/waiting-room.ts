/**
 * Limits how many casts and events of a bus wait at the same time, for a connection or for the lookup of an instance.
 *
 * WAITING-ROOM-1 At most `limit` wait, whatever they wait for.
 */
export class WaitingRoom {
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a slot; `leave()` returns it. False: it is full. */
  enter(): boolean {
    if (this.#size >= this.#limit) return false;
    this.#size++;
    return true;
  }

  leave(): void {
    this.#size--;
  }
}
