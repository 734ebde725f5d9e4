import type { Sent } from "./letter.js";

/** Casts of which it is not yet known that they went through, by their tokens, which only grow: two lists, and no place in a table for each. */
export class Batch {
  readonly #tokens: number[] = [];
  readonly #casts: (Sent | undefined)[] = [];
  #size = 0;

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  /** @param token greater than all before. */
  add(token: number, cast: Sent): void {
    this.#tokens.push(token);
    this.#casts.push(cast);
    this.#size++;
  }

  /** Takes one out; nothing when it is not in here, or no longer. */
  take(token: number): Sent | undefined {
    const at = this.#find(token);
    return at === -1 ? undefined : this.#takeAt(at);
  }

  /** Whether one is in it. */
  has(token: number): boolean {
    return this.#find(token) !== -1;
  }

  /** Takes all out, in the order in which they were added. */
  *takeAll(): Iterable<Sent> {
    for (let at = 0; at < this.#casts.length; at++) {
      const cast = this.#takeAt(at);
      if (cast !== undefined) yield cast;
    }
  }

  /** The token of the latest to that subject; -1 when there is none. */
  latestTo(subject: string): number {
    const at = this.#casts.findLastIndex((cast) => cast?.target.subject === subject);
    return this.#tokens[at] ?? -1;
  }

  #takeAt(at: number): Sent | undefined {
    const cast = this.#casts[at];
    if (cast === undefined) return undefined;
    this.#casts[at] = undefined;
    this.#size--;
    return cast;
  }

  /** Where one is; -1 when it is not in here. */
  #find(token: number): number {
    let [from, to] = [0, this.#tokens.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#tokens[middle] as number) < token) from = middle + 1;
      else to = middle;
    }
    return this.#tokens[from] === token && this.#casts[from] !== undefined ? from : -1;
  }
}
