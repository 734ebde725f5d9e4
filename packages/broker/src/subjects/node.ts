import type { Interest } from "./interest.js";

/** From this length on, V8 represents a substring as a view that retains the whole string. */
const shortestView = 13;

/** The matches collected while walking a tree. */
export interface Found<T extends Interest> {
  readonly plain: T[];
  groups: Map<string, T[]> | undefined;
}

/**
 * A node of the subject tree: its interests, and its children by token.
 *
 * SUBJECT-NODE-1 It has tables only for what it holds, so that a long subject with few interests costs little.
 * SUBJECT-NODE-2 Interests are added to a list one by one, because the number of arguments of a call is limited.
 */
export class Node<T extends Interest> {
  #below: Map<string, Node<T>> | undefined;
  #plain: Set<T> | undefined;
  #groups: Map<string, Set<T>> | undefined;

  get empty(): boolean {
    return this.#below === undefined && this.#plain === undefined && this.#groups === undefined;
  }

  child(token: string): Node<T> | undefined {
    return this.#below?.get(token);
  }

  ensureChild(token: string): Node<T> {
    const known = this.#below?.get(token);
    if (known !== undefined) return known;
    const made = new Node<T>();
    this.#below ??= new Map();
    this.#below.set(ownText(token), made);
    return made;
  }

  removeChild(token: string): void {
    this.#below?.delete(token);
    if (this.#below?.size === 0) this.#below = undefined;
  }

  add(interest: T): void {
    const { queue } = interest;
    if (queue === undefined) {
      this.#plain ??= new Set();
      this.#plain.add(interest);
      return;
    }
    this.#groups ??= new Map();
    const group = this.#groups.get(queue);
    if (group === undefined) this.#groups.set(queue, new Set([interest]));
    else group.add(interest);
  }

  delete(interest: T): boolean {
    return interest.queue === undefined ? this.#deletePlain(interest) : this.#deleteMember(interest, interest.queue);
  }

  addTo(found: Found<T>): void {
    if (this.#plain !== undefined) for (const interest of this.#plain) found.plain.push(interest);
    if (this.#groups === undefined) return;
    found.groups ??= new Map();
    for (const [queue, members] of this.#groups) {
      const group = found.groups.get(queue);
      if (group === undefined) found.groups.set(queue, [...members]);
      else for (const member of members) group.push(member);
    }
  }

  #deletePlain(interest: T): boolean {
    const deleted = this.#plain?.delete(interest) ?? false;
    if (this.#plain?.size === 0) this.#plain = undefined;
    return deleted;
  }

  #deleteMember(interest: T, queue: string): boolean {
    const group = this.#groups?.get(queue);
    const deleted = group?.delete(interest) ?? false;
    if (group?.size === 0) this.#groups?.delete(queue);
    if (this.#groups?.size === 0) this.#groups = undefined;
    return deleted;
  }
}

/** Copies a token, so that it does not retain the subject that it was cut from. */
function ownText(token: string): string {
  return token.length < shortestView ? token : Buffer.from(token, "latin1").toString("latin1");
}
