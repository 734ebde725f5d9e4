import { hasWildcard, isSubset } from "../routing/subjects.js";
import type { SubjectRules } from "./rules.js";
import { SubjectSet, toKey } from "./subject-set.js";

/** Delivered subjects whose answer is remembered; over this, all are forgotten. */
const CACHE_LIMIT = 256;

/**
 * Whether a connection may subscribe, and what it may then be sent.
 *
 * SP1. A subscription wider than a denied subject is taken, and from then on nothing denied is delivered to the connection.
 * SP2. A rule about queue groups decides alone wherever one matches: it allows or denies just the groups that it names.
 */
export class SubscribePermission {
  readonly #allow: SubjectSet | undefined;
  readonly #deny: SubjectSet | undefined;
  readonly #denied: readonly string[];
  #filter: SubjectSet | undefined;
  readonly #known = new Map<string, boolean>();

  constructor(rules: SubjectRules) {
    this.#allow = rules.allow?.length ? new SubjectSet(rules.allow, true) : undefined;
    this.#deny = rules.deny?.length ? new SubjectSet(rules.deny, true) : undefined;
    this.#denied = rules.deny ?? [];
  }

  allows(subject: string, queue: string | undefined): boolean {
    if (this.#allow !== undefined && !decide(this.#allow, subject, queue)) return false;
    if (this.#deny === undefined) return true;
    if (decide(this.#deny, subject, queue)) return false;
    this.#filterFrom(subject);
    return true;
  }

  /** Whether a message may not be delivered, although a subscription matches it. */
  withholds(subject: string): boolean {
    if (this.#filter === undefined) return false;
    let withheld = this.#known.get(subject);
    if (withheld === undefined) {
      withheld = this.#filter.covers(subject);
      if (this.#known.size >= CACHE_LIMIT) this.#known.clear();
      this.#known.set(subject, withheld);
    }
    return withheld;
  }

  #filterFrom(subject: string): void {
    if (this.#filter !== undefined || !hasWildcard(subject)) return;
    if (!this.#denied.some((denied) => isSubset(toKey(denied), subject))) return;
    // nats-server filters by the rules as they are written, a queue group being part of the subject.
    this.#filter = new SubjectSet(this.#denied, false);
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
