import { BoundedMap } from "../bounds/bounded-map.js";
import type { Interest, Match } from "../subjects/interest.js";
import { SubjectTree } from "../subjects/subject-tree.js";
import { hasWildcard } from "../subjects/subjects.js";

/** Bounds of the cache, per generation: subjects, and the bytes of their matches. */
const cacheBounds = { entries: 4096, weight: 4_194_304, weigh };

/** The size of one reference in a match, in bytes. */
const referenceWeight = 8;

/**
 * All subscriptions, with a cache of recent matches.
 *
 * SUBLIST-1 The cache always agrees with the tree: each change drops the matches that it could affect.
 * SUBLIST-2 The cache is bounded in entries and in bytes, however many interests match a subject (see `BoundedMap`).
 */
export class Sublist<T extends Interest> {
  readonly #tree = new SubjectTree<T>();
  readonly #cache = new BoundedMap<Match<T>>(cacheBounds);

  /** The number of interests. */
  get size(): number {
    return this.#tree.size;
  }

  /** Adds an interest; false if its subject may not be subscribed to. */
  insert(interest: T): boolean {
    if (!this.#tree.insert(interest)) return false;
    this.#forget(interest.subject);
    return true;
  }

  /** Removes an interest, if it is there. */
  remove(interest: T): void {
    if (this.#tree.remove(interest)) this.#forget(interest.subject);
  }

  /** All matches of a subject, like `SubjectTree.match()`. */
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
