import type { Budget } from "../bounds/budget.js";
import { performance } from "../timers.js";

interface Remembered {
  readonly sequence: number;
  /** On the monotonic clock, in ms. */
  readonly at: number;
}

/** What an id takes of memory beside its length, by an estimate. */
const weight = 200;

/**
 * The ids of messages that a stream took lately, to know duplicates.
 *
 * MESSAGE-IDS-1 An id is known for the window, and as long as the stream is.
 * MESSAGE-IDS-2 Ids are in order of their age, so that forgetting the old ones looks at no others.
 */
export class MessageIds {
  readonly #ids = new Map<string, Remembered>();
  readonly #budget: Budget;
  /** In ms. */
  window: number;

  constructor(budget: Budget, window: number) {
    this.#budget = budget;
    this.window = window;
  }

  /** The sequence of the message that had an id. */
  find(id: string): number | undefined {
    this.#forgetOld();
    return this.#ids.get(id)?.sequence;
  }

  /** @param age how long ago it was taken, in ms. */
  add(id: string, sequence: number, age = 0): void {
    if (age >= this.window || this.#ids.has(id)) return;
    this.#ids.set(id, { sequence, at: performance.now() - age });
    this.#budget.take(weight + id.length);
  }

  clear(): void {
    for (const id of this.#ids.keys()) this.#forget(id);
  }

  #forgetOld(): void {
    const oldest = performance.now() - this.window;
    for (const [id, { at }] of this.#ids) {
      if (at > oldest) return;
      this.#forget(id);
    }
  }

  #forget(id: string): void {
    this.#ids.delete(id);
    this.#budget.giveBack(weight + id.length);
  }
}
