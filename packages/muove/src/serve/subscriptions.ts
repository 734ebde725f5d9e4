import type { LinkSubscription } from "../link/index.js";

type SubscriptionList = readonly LinkSubscription[];

/** The subscriptions of a mailbox or a listener. */
export class Subscriptions {
  /** Without these it cannot open. */
  readonly #required: SubscriptionList;
  readonly #optional: SubscriptionList;
  /** These stay until no call can be cancelled any more. */
  readonly #cancellations: SubscriptionList;

  constructor(subscriptions: {
    readonly required: SubscriptionList;
    readonly optional?: SubscriptionList;
    readonly cancellations?: SubscriptionList;
  }) {
    const { required, optional = [], cancellations = [] } = subscriptions;
    this.#required = required;
    this.#optional = optional;
    this.#cancellations = cancellations;
  }

  /** Whether the server has confirmed all, except for forbidden ones. */
  get open(): boolean {
    return this.#all.every(({ state }) => state !== "pending");
  }

  /** The forbidden subscriptions that keep it from opening. */
  get blockedBy(): SubscriptionList {
    return forbiddenOf(this.#required);
  }

  /** All forbidden subscriptions. */
  get forbidden(): SubscriptionList {
    return forbiddenOf(this.#all);
  }

  /** Drains all but cancellations; resolves when everything that the server sent before was received. */
  async drain(): Promise<void> {
    await drainAll([...this.#required, ...this.#optional]);
  }

  async drainCancellations(): Promise<void> {
    await drainAll(this.#cancellations);
  }

  get #all(): SubscriptionList {
    return [...this.#required, ...this.#optional, ...this.#cancellations];
  }
}

async function drainAll(subscriptions: SubscriptionList): Promise<void> {
  await Promise.all(subscriptions.map((subscription) => subscription.drain()));
}

const forbiddenOf = (subscriptions: SubscriptionList): SubscriptionList =>
  subscriptions.filter(({ state }) => state === "forbidden");
