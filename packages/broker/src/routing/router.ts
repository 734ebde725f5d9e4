import type { Connection } from "../connection/connection.js";
import type { Publication } from "../wire/publication.js";
import { Sublist } from "./sublist.js";
import type { Subscription } from "./subscription.js";

/** The subscriptions of all connections, and the way of a message to them. */
export class Router {
  readonly #subscriptions = new Sublist<Subscription>();

  /** How many subscriptions there are. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /** False if the subject may not be subscribed to. */
  add(subscription: Subscription): boolean {
    return this.#subscriptions.insert(subscription);
  }

  remove(subscription: Subscription): void {
    subscription.closed = true;
    this.#subscriptions.remove(subscription);
  }

  /**
   * Delivers a message to every plain subscription that matches and to one member of every queue group that does.
   *
   * @returns whether anybody got it.
   */
  route(from: Connection, publication: Publication, bytes: Buffer, start: number, end: number): boolean {
    const { plain, groups } = this.#subscriptions.match(publication.subject);
    let delivered = false;
    for (const subscription of plain) {
      if (this.#deliver(from, subscription, publication, bytes, start, end)) delivered = true;
    }
    for (const group of groups) {
      if (this.#deliverToOne(from, group, publication, bytes, start, end)) delivered = true;
    }
    return delivered;
  }

  /** A plain subscription of a connection that would get what is published to a subject. */
  find(connection: Connection, subject: string): Subscription | undefined {
    return this.#subscriptions.match(subject).plain.find((subscription) => subscription.connection === connection);
  }

  #deliverToOne(
    from: Connection,
    group: readonly Subscription[],
    publication: Publication,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    const first = group.length === 1 ? 0 : Math.floor(Math.random() * group.length);
    for (let i = 0; i < group.length; i++) {
      const member = group[(first + i) % group.length] as Subscription;
      if (this.#deliver(from, member, publication, bytes, start, end)) return true;
    }
    return false;
  }

  #deliver(
    from: Connection,
    subscription: Subscription,
    publication: Publication,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    const to = subscription.connection;
    if (subscription.closed || (to === from && !to.options.echo)) return false;
    if (to.permissions.withholds(publication.subject)) return false;
    subscription.delivered++;
    if (subscription.max > 0 && subscription.delivered >= subscription.max) to.unsubscribe(subscription);
    return to.deliver(from, subscription, publication, bytes, start, end);
  }
}
