import type { NatsMessage } from "./nats-message.js";

/**
 * `pending`: the server does not have it yet, or no longer. `open`: the current server confirmed it. `forbidden`: the
 * current server refused it; it is tried again on the next connection. `closed`: drained, or the link was closed.
 */
export type SubscriptionState = "pending" | "open" | "forbidden" | "closed";

export interface SubscribeOptions {
  /** Of all subscriptions in one queue group, one gets a message. */
  readonly queue?: string;
  /**
   * Called synchronously for each message, in the order in which the connection brought them, and never before the link
   * is up. What it throws is reported as a `fault`, and the next message comes all the same. While the link moves
   * between servers, a message without a reply subject may come twice to a subscription without a queue.
   */
  receive(message: NatsMessage): void;
}

export interface LinkSubscription {
  readonly subject: string;
  readonly queue?: string;
  readonly state: SubscriptionState;
  /**
   * Ends the subscription at the server at once; what the server had sent before is still received, then it is closed.
   * Without a connection it is closed at once. May be called again; never rejects.
   */
  drain(): Promise<void>;
}

/** What a connection needs to know of a subscription. */
export interface Subscriber {
  readonly subject: string;
  readonly queue: string | undefined;
  receive(message: NatsMessage): void;
}

/** The link, as its subscriptions see it. */
export interface SubscriptionHome {
  stateOf(subscriber: Subscriber): Exclude<SubscriptionState, "closed">;
  drain(subscriber: Subscriber): Promise<void>;
}

/** A subscription for as long as its owner wants it, over all the connections that come and go meanwhile. */
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

  drain(): Promise<void> {
    this.#drained ??= this.#home.drain(this.#subscriber).then(() => this.end());
    return this.#drained;
  }

  /** Closed without a word to any server. */
  end(): void {
    this.#closed = true;
  }
}
