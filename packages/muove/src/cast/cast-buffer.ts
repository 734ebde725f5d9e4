import type { Core } from "../bus/core.js";
import { type Letter, post } from "./letter.js";

/**
 * Casts that wait for the connection to come back.
 *
 * C1 Never more than `limit` wait, and none longer than it was given; what cannot wait is a dead letter, not lost silently.
 * C2 They are sent in the order in which they were made, before any cast that is made later.
 */
export class CastBuffer {
  readonly #core: () => Core;
  readonly #limit: number;
  readonly #waiting = new Map<Letter, NodeJS.Timeout>();

  constructor(core: () => Core, limit: number) {
    this.#core = core;
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Takes a cast, for so many ms at the most. False: it is full. */
  add(letter: Letter, bufferFor: number): boolean {
    if (this.#waiting.size >= this.#limit) return false;
    this.#waiting.set(
      letter,
      setTimeout(() => this.#give(letter), bufferFor),
    );
    return true;
  }

  /** The connection is back. */
  flush(): void {
    for (const letter of this.#waiting.keys()) {
      if (!post(this.#core(), letter)) return;
      this.#remove(letter);
    }
  }

  /** The bus closes: what still waits never gets through. */
  close(): void {
    for (const letter of this.#waiting.keys()) this.#give(letter);
  }

  #give(letter: Letter): void {
    this.#remove(letter);
    this.#core().deadLetters.add(letter.target, letter.input, "unreachable", "no");
  }

  #remove(letter: Letter): void {
    clearTimeout(this.#waiting.get(letter));
    this.#waiting.delete(letter);
  }
}
