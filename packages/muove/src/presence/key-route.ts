import { type Hash, hashOf } from "./rendezvous.js";
import type { Watch } from "./watch.js";

/**
 * Routes one message to the instance that owns its key.
 *
 * KEY-ROUTE-1 It does not try an instance again that is gone or leaving. The key then goes to the owner without that
 *   instance.
 */
export class KeyRoute<T> {
  readonly #watch: () => Watch;
  readonly #key: Hash;
  readonly #locate: (instance: string) => T;
  readonly #refused = new Set<string>();
  #last: string | undefined;

  /** @param locate returns the target for an instance. */
  constructor(watch: () => Watch, key: string, locate: (instance: string) => T) {
    this.#watch = watch;
    this.#key = hashOf(key);
    this.#locate = locate;
  }

  /** Whether the owner is known. There may be none. */
  get known(): boolean {
    return this.#watched.settled;
  }

  /** Whether the permissions of this service's NATS user keep it from knowing the owner. */
  get forbidden(): boolean {
    return this.#watched.forbidden;
  }

  /** The owner, or undefined if no instance is there. */
  next(): T | undefined {
    this.#last = this.#watched.roster.responsible(this.#key, this.#refused);
    return this.#last === undefined ? undefined : this.#locate(this.#last);
  }

  /** The last owner does not listen, or takes no more messages. No sender on this bus tries it again. */
  refused(reason: "absent" | "draining"): void {
    if (this.#last === undefined) return;
    this.#refused.add(this.#last);
    if (reason === "absent") this.#watched.missed(this.#last);
    else this.#watched.roster.left(this.#last, "closed");
  }

  /** Calls back once, when the owner is known or cannot be known. Returns a function that cancels the callback. */
  whenKnown(callback: () => void): () => void {
    return this.#watched.whenKnown(callback);
  }

  /** A watch ends if it is not used for a while. Then there is a new one. */
  get #watched(): Watch {
    const watch = this.#watch();
    watch.use();
    return watch;
  }
}
