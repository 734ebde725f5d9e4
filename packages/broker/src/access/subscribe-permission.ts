import { hasWildcard, isSubset } from "../subjects/subjects.js";
import { DeliveryFilter } from "./delivery-filter.js";
import type { SubjectRules } from "./rules.js";
import { SubjectSet, toKey } from "./subject-set.js";

/**
 * Whether a connection may subscribe.
 *
 * SUBSCRIBE-PERMISSION-1 A subscription wider than a denied subject is accepted, but its deliveries need a filter.
 * SUBSCRIBE-PERMISSION-2 If a rule with a queue group matches, it alone decides: it allows or denies exactly the groups
 *   that it names.
 */
export class SubscribePermission {
  readonly #allow: SubjectSet | undefined;
  readonly #deny: SubjectSet | undefined;
  readonly #denied: readonly string[];

  constructor(rules: SubjectRules) {
    this.#allow = rules.allow?.length ? new SubjectSet(rules.allow, true) : undefined;
    this.#deny = rules.deny?.length ? new SubjectSet(rules.deny, true) : undefined;
    this.#denied = rules.deny ?? [];
  }

  allows(subject: string, queue: string | undefined): boolean {
    if (this.#allow !== undefined && !decide(this.#allow, subject, queue)) return false;
    return this.#deny === undefined || !decide(this.#deny, subject, queue);
  }

  /** The filter for a connection that subscribes to this. Undefined if it cannot match anything denied. */
  filterFor(subject: string): DeliveryFilter | undefined {
    if (!hasWildcard(subject)) return undefined;
    const reaches = this.#denied.some((denied) => isSubset(toKey(denied), subject));
    return reaches ? new DeliveryFilter(this.#denied) : undefined;
  }
}

function decide(rules: SubjectSet, subject: string, queue: string | undefined): boolean {
  const { plain, groups } = rules.match(subject);
  if (queue === undefined || groups.length === 0) return plain.length > 0;
  return groups.some(([rule]) => matchesQueue(queue, rule?.queue ?? ""));
}

function matchesQueue(queue: string, rule: string): boolean {
  return queue === rule || (hasWildcard(rule) && isSubset(queue, rule));
}
