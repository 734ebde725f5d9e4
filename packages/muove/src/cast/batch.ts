import type { Sent } from "./letter.js";

/** Casts of which it is not yet known that they went through, by their tokens, which only grow: lists, and no place in a table for each. */
export class Batch {
  readonly #tokens: number[] = [];
  readonly #nonces: string[] = [];
  readonly #casts: (Sent | undefined)[] = [];
  #size = 0;

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  /** @param token greater than all before. */
  add(nonce: string, token: number, cast: Sent): void {
    this.#nonces.push(nonce);
    this.#tokens.push(token);
    this.#casts.push(cast);
    this.#size++;
  }

  /** Takes one out; nothing when it is not in here, or no longer. */
  take(token: number): Sent | undefined {
    const at = this.#find(token);
    return at === -1 ? undefined : this.#takeAt(at);
  }

  /** What was drawn for one; nothing when it is not in here, or no longer. */
  nonceOf(token: number): string | undefined {
    return this.#nonces[this.#find(token)];
  }

  /** Takes all out, in the order in which they were added. */
  *takeAll(): Iterable<Sent> {
    for (let at = 0; at < this.#casts.length; at++) {
      const cast = this.#takeAt(at);
      if (cast !== undefined) yield cast;
    }
  }

  /** The tokens of all to that subject, in the order in which they were added. */
  tokensTo(subject: string): number[] {
    return this.#tokens.filter((_, at) => this.#casts[at]?.target.subject === subject);
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
