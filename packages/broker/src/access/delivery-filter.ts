import { BoundedMap } from "../bounds/bounded-map.js";
import { SubjectSet } from "./subject-set.js";

/** Bounds of the cache, per generation: subjects, and their bytes. */
const cacheBounds = { entries: 256, weight: 65_536 };

/** Filters out messages that match a connection's subscriptions but are denied to its user. */
export class DeliveryFilter {
  readonly #denied: SubjectSet;
  readonly #known = new BoundedMap<boolean>(cacheBounds);

  /** @param denied rules as written. Like nats-server, it treats a queue group as part of the subject here. */
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
