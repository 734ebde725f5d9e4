import type { Interest } from "./interest.js";

/** From this length on V8 makes a part of a string a view of the whole, and keeps the whole for it. */
const shortestView = 13;

/** Everything found on the way through a tree. */
export interface Found<T extends Interest> {
  readonly plain: T[];
  groups: Map<string, T[]> | undefined;
}

/**
 * One place of the tree of subjects: what is subscribed there, and the places below it, by token.
 *
 * SUBJECT-NODE-1 What it has none of, it keeps no table for: a long subject of few interests costs little.
 * SUBJECT-NODE-2 Interests are added to a list one by one, since a call takes only so many arguments.
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

/** A token that does not keep the subject in memory which it was cut from. */
function ownText(token: string): string {
  return token.length < shortestView ? token : Buffer.from(token, "latin1").toString("latin1");
}
