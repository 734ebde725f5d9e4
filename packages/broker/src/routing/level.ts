import { ANY, REST } from "./subjects.js";
import type { Interest } from "./sublist.js";

/** What is subscribed at one place of the tree, and the level below it. */
export class Node<T extends Interest> {
  next: Level<T> | undefined;
  readonly #plain = new Set<T>();
  readonly #groups = new Map<string, Set<T>>();

  ensureNext(): Level<T> {
    this.next ??= new Level<T>();
    return this.next;
  }

  get empty(): boolean {
    return this.#plain.size === 0 && this.#groups.size === 0 && (this.next?.empty ?? true);
  }

  add(interest: T): void {
    if (interest.queue === undefined) {
      this.#plain.add(interest);
      return;
    }
    const group = this.#groups.get(interest.queue) ?? new Set<T>();
    this.#groups.set(interest.queue, group.add(interest));
  }

  delete(interest: T): boolean {
    if (interest.queue === undefined) return this.#plain.delete(interest);
    const group = this.#groups.get(interest.queue);
    const found = group?.delete(interest) ?? false;
    if (group?.size === 0) this.#groups.delete(interest.queue);
    return found;
  }

  addTo(plain: T[], groups: Map<string, T[]>): void {
    plain.push(...this.#plain);
    for (const [queue, members] of this.#groups) {
      const group = groups.get(queue);
      if (group === undefined) groups.set(queue, [...members]);
      else group.push(...members);
    }
  }
}

/** The nodes for one position of a subject, by token. */
export class Level<T extends Interest> {
  readonly #nodes = new Map<string, Node<T>>();

  get empty(): boolean {
    return this.#nodes.size === 0;
  }

  ensure(token: string): Node<T> {
    let node = this.#nodes.get(token);
    if (node === undefined) {
      node = new Node<T>();
      this.#nodes.set(token, node);
    }
    return node;
  }

  /** Removes an interest below here, and the nodes that are empty without it. */
  remove(tokens: readonly string[], at: number, interest: T): boolean {
    const token = tokens[at] as string;
    const node = this.#nodes.get(token);
    if (node === undefined) return false;
    const last = at === tokens.length - 1;
    const found = last ? node.delete(interest) : (node.next?.remove(tokens, at + 1, interest) ?? false);
    if (found && node.empty) this.#nodes.delete(token);
    return found;
  }

  /** Visits the nodes that match the tokens from `at` on. */
  collect(tokens: readonly string[], at: number, visit: (node: Node<T>) => void): void {
    const rest = this.#nodes.get(REST);
    if (rest !== undefined) visit(rest);
    const any = this.#nodes.get(ANY);
    if (any !== undefined) descend(any, tokens, at, visit);
    const token = tokens[at] as string;
    // A wildcard in a published subject is no name of a node: the nodes of that name were visited above.
    const named = token === ANY || token === REST ? undefined : this.#nodes.get(token);
    if (named !== undefined) descend(named, tokens, at, visit);
  }
}

function descend<T extends Interest>(
  node: Node<T>,
  tokens: readonly string[],
  at: number,
  visit: (node: Node<T>) => void,
): void {
  if (at === tokens.length - 1) visit(node);
  else node.next?.collect(tokens, at + 1, visit);
}
