import type { Sent } from "./letter.js";

/**
 * Casts in flight, by token. Tokens only grow, so sorted lists do, which are cheaper than a map entry for each cast.
 */
export class Batch {
  readonly #tokens: number[] = [];
  readonly #nonces: string[] = [];
  readonly #casts: (Sent | undefined)[] = [];
  #size = 0;

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

  /** Removes and returns a cast, if it is still here. */
  take(token: number): Sent | undefined {
    const at = this.#find(token);
    return at === -1 ? undefined : this.#takeAt(at);
  }

  /** The nonce of a cast that is still here. */
  nonceOf(token: number): string | undefined {
    return this.#nonces[this.#find(token)];
  }

  /** Removes and yields all, in order. */
  *takeAll(): Iterable<Sent> {
    for (let at = 0; at < this.#casts.length; at++) {
      const cast = this.#takeAt(at);
      if (cast !== undefined) yield cast;
    }
  }

  /** The tokens of all casts to a subject, in order. */
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

  /** The index of a cast; -1 if it is not here. */
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
