import { BoundedMap } from "../bounds/bounded-map.js";
import type { Interest, Match } from "../subjects/interest.js";
import { SubjectTree } from "../subjects/subject-tree.js";
import { hasWildcard } from "../subjects/subjects.js";

/** Subjects whose match is remembered, and bytes that their matches may take; twice of both at most. */
const cacheBounds = { entries: 4096, weight: 4_194_304, weigh };

/** What one reference in a match takes, in bytes. */
const referenceWeight = 8;

/**
 * Everything subscribed to, and the answers that were given last.
 *
 * SUBLIST-1 What the cache holds is what the tree would answer: each change forgets the answers it could alter.
 * SUBLIST-2 The cache is bounded in entries and in bytes, however many interests match a subject (see `BoundedMap`).
 */
export class Sublist<T extends Interest> {
  readonly #tree = new SubjectTree<T>();
  readonly #cache = new BoundedMap<Match<T>>(cacheBounds);

  /** How many interests are in it. */
  get size(): number {
    return this.#tree.size;
  }

  /** Adds an interest; false if its subject may not be subscribed to. */
  insert(interest: T): boolean {
    if (!this.#tree.insert(interest)) return false;
    this.#forget(interest.subject);
    return true;
  }

  /** Takes an interest out; nothing happens if it is not in. */
  remove(interest: T): void {
    if (this.#tree.remove(interest)) this.#forget(interest.subject);
  }

  /** Everything that matches a subject, as `SubjectTree.match()` finds it. */
  match(subject: string): Match<T> {
    const known = this.#cache.get(subject);
    if (known !== undefined) return known;
    const found = this.#tree.match(subject);
    this.#cache.set(subject, found);
    return found;
  }

  #forget(subject: string): void {
    if (hasWildcard(subject)) this.#cache.clear();
    else this.#cache.delete(subject);
  }
}

function weigh({ plain, groups }: Match<Interest>): number {
  let references = plain.length;
  for (const group of groups) references += 1 + group.length;
  return references * referenceWeight;
}
