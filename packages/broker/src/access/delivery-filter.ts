import { BoundedMap } from "../bounds/bounded-map.js";
import { SubjectSet } from "./subject-set.js";

/** Subjects whose answer is remembered, and bytes that they may take; twice of both at most. */
const cacheBounds = { entries: 256, weight: 65_536 };

/** Keeps messages from a connection that its subscriptions match, but its user must not see. */
export class DeliveryFilter {
  readonly #denied: SubjectSet;
  readonly #known = new BoundedMap<boolean>(cacheBounds);

  /** @param denied rules as they are written; nats-server takes a queue group for part of the subject here. */
  constructor(denied: readonly string[]) {
    this.#denied = new SubjectSet(denied, false);
  }

  withholds(subject: string): boolean {
    const known = this.#known.get(subject);
    if (known !== undefined) return known;
    const withheld = this.#denied.covers(subject);
    this.#known.set(subject, withheld);
    return withheld;
  }
}
