import { Circuit } from "./circuit.js";

/**
 * The circuits of an address, by the time that calls have. Whether an address hangs can only be told from calls that
 * had the time to be answered, and nobody knows how much that is. So a timeout speaks only about calls that have about
 * as much.
 *
 * CIRCUITS-1 Calls with at least half of the contract's timeout share one circuit: a fair share of what the owner
 *   promises to need. Only this one is reported.
 * CIRCUITS-2 Those with less share one with calls that have less than twice their time and more than half of it. So a
 *   caller with little time shuts the address only for others with as little.
 */
export class Circuits {
  readonly #fair: Circuit;
  /** By the power of two of the share; made when first needed. */
  readonly #short = new Map<number, Circuit>();

  /** @param changed called whenever the address opens or closes for calls with a fair share of the contract's time. */
  constructor(changed: (open: boolean) => void) {
    this.#fair = new Circuit(changed);
  }

  /** Whether it is open for calls with a fair share of the contract's time. */
  get open(): boolean {
    return this.#fair.open;
  }

  /** The circuit of a call that has `timeout` ms, by a contract that gives `contracted`. */
  of(timeout: number, contracted: number): Circuit {
    if (2 * timeout >= contracted) return this.#fair;
    const octave = Math.ceil(Math.log2(timeout / contracted));
    const known = this.#short.get(octave) ?? new Circuit(() => {});
    this.#short.set(octave, known);
    return known;
  }
}
