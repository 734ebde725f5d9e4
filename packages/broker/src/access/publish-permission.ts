import { BoundedMap } from "../bounds/bounded-map.js";
import type { ReplyAllowance } from "./reply-allowance.js";
import type { SubjectRules } from "./rules.js";
import { SubjectSet } from "./subject-set.js";

/** Bounds of the cache, per generation: subjects, and their bytes. */
const cacheBounds = { entries: 4096, weight: 262_144 };

/**
 * Whether a connection may publish to a subject.
 *
 * PUBLISH-PERMISSION-1 The result of a rule is cached. A permission from a reply allowance is never cached.
 */
export class PublishPermission {
  readonly #allow: SubjectSet | undefined;
  readonly #deny: SubjectSet | undefined;
  readonly #replies: ReplyAllowance | undefined;
  readonly #known = new BoundedMap<boolean>(cacheBounds);

  constructor(rules: SubjectRules, replies: ReplyAllowance | undefined) {
    // With `allowResponses`, an empty list means that only replies are allowed.
    this.#allow = rules.allow && new SubjectSet(rules.allow, false);
    this.#deny = rules.deny?.length ? new SubjectSet(rules.deny, false) : undefined;
    this.#replies = replies;
  }

  allows(subject: string): boolean {
    const known = this.#known.get(subject);
    if (known !== undefined) return known;
    const allowed = (this.#allow?.covers(subject) ?? true) && !this.#deny?.covers(subject);
    if (!allowed && this.#replies !== undefined) return this.#replies.use(subject);
    this.#known.set(subject, allowed);
    return allowed;
  }
}
