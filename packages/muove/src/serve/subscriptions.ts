import type { LinkSubscription } from "../link/index.js";

type Several = readonly LinkSubscription[];

/** The subscriptions by which messages come in. */
export class Subscriptions {
  /** Without these nothing is open. */
  readonly #front: Several;
  readonly #others: Several;
  /** They are needed for as long as anything runs that could be cancelled. */
  readonly #cancellations: Several;

  constructor(by: {
    readonly front: Several;
    readonly others?: Several;
    readonly cancellations?: Several;
  }) {
    const { front, others = [], cancellations = [] } = by;
    this.#front = front;
    this.#others = others;
    this.#cancellations = cancellations;
  }

  /** Whether the server has them all, but for those that the permissions refuse. */
  get open(): boolean {
    return this.#all.every(({ state }) => state !== "pending");
  }

  /** The subjects that the permissions refuse, and without which nothing is open. */
  get shut(): readonly string[] {
    return forbiddenOf(this.#front);
  }

  /** All subjects that the permissions refuse. */
  get forbidden(): readonly string[] {
    return forbiddenOf(this.#all);
  }

  /** Ends them, but for cancellations; resolves when all that the server had sent before was received. */
  async drain(): Promise<void> {
    await drainAll([...this.#front, ...this.#others]);
  }

  /** Nothing runs any more that could be cancelled. */
  async drainCancellations(): Promise<void> {
    await drainAll(this.#cancellations);
  }

  get #all(): Several {
    return [...this.#front, ...this.#others, ...this.#cancellations];
  }
}

async function drainAll(subscriptions: Several): Promise<void> {
  await Promise.all(subscriptions.map((subscription) => subscription.drain()));
}

const forbiddenOf = (subscriptions: Several): readonly string[] =>
  subscriptions.filter(({ state }) => state === "forbidden").map(({ subject }) => subject);
