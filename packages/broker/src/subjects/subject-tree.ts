import type { Interest, Match } from "./interest.js";
import { type Found, Node } from "./node.js";
import { anyToken, isSubscribable, restTokens } from "./subjects.js";

const nothing: Match<never> = { plain: [], groups: [] };

/**
 * Interests by subject, in a tree with a level per token.
 *
 * SUBJECT-TREE-1 `match()` finds exactly the inserted and not removed interests whose subject matches.
 * SUBJECT-TREE-2 Removing the last interest below a node removes the node: an empty tree holds no nodes.
 * SUBJECT-TREE-3 Nothing recurses, because clients choose how many tokens a subject has.
 */
export class SubjectTree<T extends Interest> {
  readonly #root = new Node<T>();
  #size = 0;

  /** The number of interests. */
  get size(): number {
    return this.#size;
  }

  /** Whether it is empty. */
  get empty(): boolean {
    return this.#size === 0 && this.#root.empty;
  }

  /** Adds an interest. False if its subject is invalid. */
  insert(interest: T): boolean {
    if (!isSubscribable(interest.subject)) return false;
    let node = this.#root;
    for (const token of interest.subject.split(".")) node = node.ensureChild(token);
    node.add(interest);
    this.#size++;
    return true;
  }

  /** Removes an interest. False if it was not there. */
  remove(interest: T): boolean {
    const tokens = interest.subject.split(".");
    const path = [this.#root];
    for (const [i, token] of tokens.entries()) {
      const child = path[i]?.child(token);
      if (child === undefined) return false;
      path.push(child);
    }
    if (!path[tokens.length]?.delete(interest)) return false;
    this.#size--;
    for (let i = tokens.length; i > 0 && path[i]?.empty; i--) path[i - 1]?.removeChild(tokens[i - 1] ?? "");
    return true;
  }

  /**
   * All matches of a subject. Wildcards in the *subject* are ordinary tokens here, which only wildcards match. A
   * subject with an empty token matches nothing.
   */
  match(subject: string): Match<T> {
    const tokens = subject.split(".");
    if (tokens.includes("")) return nothing;
    const found: Found<T> = { plain: [], groups: undefined };
    let reached = [this.#root];
    for (const token of tokens) {
      reached = step(reached, token, found);
      if (reached.length === 0) break;
    }
    for (const node of reached) node.addTo(found);
    const { plain, groups } = found;
    if (plain.length === 0 && groups === undefined) return nothing;
    return { plain, groups: groups === undefined ? nothing.groups : [...groups.values()] };
  }
}

/** The nodes one token further down. Interests with `>` are collected on the way. */
function step<T extends Interest>(reached: readonly Node<T>[], token: string, found: Found<T>): Node<T>[] {
  const next: Node<T>[] = [];
  // A wildcard in a published subject does not name a node. Wildcard nodes are visited anyway.
  const literal = token !== anyToken && token !== restTokens;
  for (const node of reached) {
    node.child(restTokens)?.addTo(found);
    const any = node.child(anyToken);
    if (any !== undefined) next.push(any);
    const named = literal ? node.child(token) : undefined;
    if (named !== undefined) next.push(named);
  }
  return next;
}
