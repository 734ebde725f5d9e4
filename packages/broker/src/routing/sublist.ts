import { Level, type Node } from "./level.js";
import { hasWildcard, isSubscribable } from "./subjects.js";

/** What can be put into a sublist: interest in a subject, as a member of a queue group or not. */
export interface Interest {
  readonly subject: string;
  readonly queue?: string | undefined;
}

/** What matches one subject. The arrays are shared and must not be changed. */
export interface Match<T extends Interest> {
  readonly plain: readonly T[];
  /** The members of each queue group; none is empty. */
  readonly groups: readonly (readonly T[])[];
}

const nothing: Match<never> = { plain: [], groups: [] };

/** Subjects whose match is remembered; over this, all are forgotten and looked up again. */
const CACHE_LIMIT = 4096;

/**
 * Everything subscribed to, by subject: a tree with a level for each token.
 *
 * S1. `match()` finds exactly the interests inserted and not removed whose subject matches.
 * S2. What the cache holds is what the tree would answer: each change forgets the answers it could alter.
 * S3. Removing the last interest below a node removes the node: an empty sublist holds no nodes.
 */
export class Sublist<T extends Interest> {
  #root = new Level<T>();
  #cache = new Map<string, Match<T>>();
  #size = 0;

  /** How many interests are in it. */
  get size(): number {
    return this.#size;
  }

  /** Whether it is as it was when it was new. */
  get empty(): boolean {
    return this.#size === 0 && this.#root.empty;
  }

  /** Adds an interest; false if its subject may not be subscribed to. */
  insert(interest: T): boolean {
    if (!isSubscribable(interest.subject)) return false;
    let level = this.#root;
    let node: Node<T> | undefined;
    for (const token of interest.subject.split(".")) {
      node = level.ensure(token);
      level = node.ensureNext();
    }
    node?.add(interest);
    this.#size++;
    this.#forget(interest.subject);
    return true;
  }

  /** Takes an interest out; nothing happens if it is not in. */
  remove(interest: T): void {
    if (!this.#root.remove(interest.subject.split("."), 0, interest)) return;
    this.#size--;
    this.#forget(interest.subject);
  }

  /**
   * Everything that matches a subject. Wildcards in the *subject* are ordinary tokens here, which only wildcards match; a
   * subject with an empty token matches nothing.
   */
  match(subject: string): Match<T> {
    const known = this.#cache.get(subject);
    if (known !== undefined) return known;
    const found = this.#walk(subject);
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(subject, found);
    return found;
  }

  #walk(subject: string): Match<T> {
    const tokens = subject.split(".");
    if (tokens.includes("")) return nothing;
    const plain: T[] = [];
    const groups = new Map<string, T[]>();
    this.#root.collect(tokens, 0, (node) => node.addTo(plain, groups));
    return plain.length + groups.size === 0 ? nothing : { plain, groups: [...groups.values()] };
  }

  #forget(subject: string): void {
    if (hasWildcard(subject)) this.#cache.clear();
    else this.#cache.delete(subject);
  }
}
