import type { Publication } from "../wire/publication.js";
import type { Recipient } from "./recipient.js";
import { Sublist } from "./sublist.js";
import type { Subscription } from "./subscription.js";

/**
 * Holds all subscriptions and delivers messages to them.
 *
 * ROUTER-1 The total weight of its subscriptions is at most `maxWeight`.
 */
export class Router {
  readonly #subscriptions = new Sublist<Subscription>();
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  /** The number of subscriptions. */
  get size(): number {
    return this.#subscriptions.size;
  }

  hasRoomFor(subscription: Subscription): boolean {
    return this.#weight + subscription.weight <= this.#maxWeight;
  }

  /** False if the subject is invalid. Call `hasRoomFor()` first. */
  add(subscription: Subscription): boolean {
    if (!this.#subscriptions.insert(subscription)) return false;
    this.#weight += subscription.weight;
    return true;
  }

  /** Removes a subscription. Call once per added subscription. */
  remove(subscription: Subscription): void {
    subscription.closed = true;
    this.#subscriptions.remove(subscription);
    this.#weight -= subscription.weight;
  }

  /**
   * Delivers a message to every plain subscription that matches and to one member of every queue group that does.
   *
   * @returns whether any subscription got it.
   */
  route(from: Recipient, publication: Publication): boolean {
    const { plain, groups } = this.#subscriptions.match(publication.subject);
    let delivered = false;
    for (const subscription of plain) if (deliver(from, subscription, publication)) delivered = true;
    for (const group of groups) if (deliverToOne(from, group, publication)) delivered = true;
    return delivered;
  }

  /** Whether any subscription matches a subject. */
  hasInterest(subject: string): boolean {
    const { plain, groups } = this.#subscriptions.match(subject);
    return plain.length > 0 || groups.length > 0;
  }

  /** A plain subscription of a recipient that matches a subject. */
  find(recipient: Recipient, subject: string): Subscription | undefined {
    return this.#subscriptions.match(subject).plain.find((subscription) => subscription.recipient === recipient);
  }
}

function deliverToOne(from: Recipient, group: readonly Subscription[], publication: Publication): boolean {
  const first = group.length === 1 ? 0 : Math.floor(Math.random() * group.length);
  for (let i = 0; i < group.length; i++) {
    const member = group[(first + i) % group.length] as Subscription;
    if (deliver(from, member, publication)) return true;
  }
  return false;
}

function deliver(from: Recipient, subscription: Subscription, publication: Publication): boolean {
  const { recipient } = subscription;
  if (subscription.closed || (recipient === from && !recipient.echoes)) return false;
  if (recipient.withholds(publication.subject)) return false;
  subscription.delivered++;
  if (subscription.max > 0 && subscription.delivered >= subscription.max) recipient.unsubscribe(subscription.sidKey);
  return recipient.deliver(from, publication, subscription.sid);
}
