import { type Hash, hashOf } from "./rendezvous.js";
import type { Watch } from "./watch.js";

/**
 * The way of one message to whoever is responsible for its key.
 *
 * KEY-ROUTE-1 Whom it has found gone, or going, it does not ask again; then the key goes to whoever is responsible
 *   without that one.
 */
export class KeyRoute<T> {
  readonly #watch: () => Watch;
  readonly #key: Hash;
  readonly #locate: (instance: string) => T;
  readonly #refused = new Set<string>();
  #last: string | undefined;

  /** @param locate gives what is to be written to at an instance. */
  constructor(watch: () => Watch, key: string, locate: (instance: string) => T) {
    this.#watch = watch;
    this.#key = hashOf(key);
    this.#locate = locate;
  }

  /** Whether it is known who is responsible, be it nobody. */
  get known(): boolean {
    return this.#watched.settled;
  }

  /** Whether the permissions of our NATS user do not let us know it. */
  get forbidden(): boolean {
    return this.#watched.forbidden;
  }

  /** Whoever is responsible; nothing when nobody is there. */
  next(): T | undefined {
    this.#last = this.#watched.roster.responsible(this.#key, this.#refused);
    return this.#last === undefined ? undefined : this.#locate(this.#last);
  }

  /** The last one does not listen, or takes no more: it is not to be asked again, by nobody on this bus. */
  refused(reason: "absent" | "draining"): void {
    if (this.#last === undefined) return;
    this.#refused.add(this.#last);
    if (reason === "absent") this.#watched.missed(this.#last);
    else this.#watched.roster.left(this.#last, "closed");
  }

  /** Calls back, once, when it is known, or cannot be known. Returns what ends the waiting. */
  whenKnown(callback: () => void): () => void {
    return this.#watched.whenKnown(callback);
  }

  /** A watch ends when it was not used for a while; then there is another one. */
  get #watched(): Watch {
    const watch = this.#watch();
    watch.use();
    return watch;
  }
}
