import { SubjectSet } from "./subject-set.js";

/** Subjects whose answer is remembered; over this, all are forgotten. */
const CACHE_LIMIT = 256;

/** Keeps messages from a connection that its subscriptions match, but its user must not see. */
export class DeliveryFilter {
  readonly #denied: SubjectSet;
  readonly #known = new Map<string, boolean>();

  /** @param denied rules as they are written; nats-server takes a queue group for part of the subject here. */
  constructor(denied: readonly string[]) {
    this.#denied = new SubjectSet(denied, false);
  }

  withholds(subject: string): boolean {
    const known = this.#known.get(subject);
    if (known !== undefined) return known;
    const withheld = this.#denied.covers(subject);
    if (this.#known.size >= CACHE_LIMIT) this.#known.clear();
    this.#known.set(subject, withheld);
    return withheld;
  }
}
