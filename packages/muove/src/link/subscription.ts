import type { NatsMessage } from "./nats-message.js";
import type { RefusalReason } from "./refusal.js";

/**
 * `pending`: no server has it at the moment. `open`: the current server confirmed it. `forbidden`: the current server
 * refused it, or took it away; it is tried again now and then. `closed`: it was drained, or the link was closed.
 */
export type SubscriptionState = "pending" | "open" | "forbidden" | "closed";

export interface SubscribeOptions {
  /** Of all subscriptions in a queue group, one gets each message. */
  readonly queue?: string;
  /**
   * Called synchronously for each message, in the order of arrival, and never before the link is up. An error is
   * reported as a `fault` and does not affect the next message. While the link moves between servers, a subscription
   * without a queue may get a message without a reply subject twice.
   */
  receive(message: NatsMessage): void;
}

export interface LinkSubscription {
  readonly subject: string;
  readonly queue?: string;
  readonly state: SubscriptionState;
  /** Why the server refused it last, until one takes it. */
  readonly refusal: RefusalReason | undefined;
  /**
   * Ends the subscription at the server at once. Messages that the server sent before are still received; then it is
   * closed. Without a connection it is closed at once. Safe to call again. Never rejects.
   */
  drain(): Promise<void>;
}

/** What a connection needs to know about a subscription. */
export interface Subscriber {
  readonly subject: string;
  readonly queue: string | undefined;
  /** Why a server refused it last; undefined once one has taken it. Of all connections: see ATTACHMENTS-4. */
  refusal: RefusalReason | undefined;
  receive(message: NatsMessage): void;
}

/** What subscriptions use of the link. */
export interface SubscriptionHome {
  stateOf(subscriber: Subscriber): Exclude<SubscriptionState, "closed">;
  drain(subscriber: Subscriber): Promise<void>;
}

/** A subscription that lasts over all connections, until its owner drains it. */
export class LastingSubscription implements LinkSubscription {
  readonly subject: string;
  readonly queue?: string;
  readonly #home: SubscriptionHome;
  readonly #subscriber: Subscriber;
  #drained: Promise<void> | undefined;
  #closed = false;

  constructor(subscriber: Subscriber, home: SubscriptionHome) {
    this.subject = subscriber.subject;
    if (subscriber.queue !== undefined) this.queue = subscriber.queue;
    this.#subscriber = subscriber;
    this.#home = home;
  }

  get state(): SubscriptionState {
    return this.#closed ? "closed" : this.#home.stateOf(this.#subscriber);
  }

  get refusal(): RefusalReason | undefined {
    return this.#subscriber.refusal;
  }

  drain(): Promise<void> {
    this.#drained ??= this.#home.drain(this.#subscriber).then(() => this.end());
    return this.#drained;
  }

  /** Closes it without telling a server. */
  end(): void {
    this.#closed = true;
  }
}
