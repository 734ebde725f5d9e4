import type { Msg } from "@nats-io/nats-core";
import { tagTokens } from "../address/tags.js";
import type { Core } from "../core/core.js";
import type { LinkSubscription } from "../link/index.js";
import {
  cancelSubject,
  everyoneSubject,
  instanceSubject,
  messageSubject,
  queueGroup,
  tagsSubject,
} from "../wire/subjects.js";

// docs/protocol.md, clauses S-2 to S-7 and X-2.

/** What a mailbox does with what comes through its doors. */
export interface Behind {
  /** What takes one of its messages. */
  taker(message: string): (msg: Msg) => void;
  /** For what only this instance was sent: it need not be one of its messages. */
  takeAlone(message: string, msg: Msg): void;
  /** For what every instance was sent: it need not be one of its messages. */
  takeWithAll(message: string, msg: Msg): void;
  cancel(msg: Msg): void;
}

/**
 * The subscriptions of a mailbox: where messages come in for any instance, for any with certain tags, for this one, and for
 * all of them.
 *
 * S1 Where the server chooses the instance, there is a subscription per message: then it finds one that knows the message, and
 *    says that nobody does where that is so. Where the sender has chosen, one for all messages will do, and this instance
 *    says itself what it does not know.
 */
export class Doors {
  /** For any instance: without these there is no mailbox. */
  readonly #front: readonly LinkSubscription[];
  /** By the other addresses. */
  readonly #others: readonly LinkSubscription[];
  readonly #cancellations: LinkSubscription;

  constructor({ link, prefix, instance, tags }: Core, mailbox: string, messages: readonly string[], behind: Behind) {
    const shared = (subject: string, message: string): LinkSubscription =>
      link.subscribe(subject, { queue: queueGroup, receive: behind.taker(message) });
    const own = (subject: string, take: (message: string, msg: Msg) => void): LinkSubscription =>
      link.subscribe(subject, { receive: (msg) => take(lastToken(msg.subject), msg) });

    this.#front = messages.map((message) => shared(messageSubject(prefix, mailbox, message), message));
    this.#others = [
      own(instanceSubject(prefix, mailbox, instance, "*"), (message, msg) => behind.takeAlone(message, msg)),
      own(everyoneSubject(prefix, mailbox, "*"), (message, msg) => behind.takeWithAll(message, msg)),
      ...tagTokens(tags).flatMap((token) =>
        messages.map((message) => shared(tagsSubject(prefix, mailbox, token, message), message)),
      ),
    ];
    this.#cancellations = link.subscribe(cancelSubject(prefix, mailbox), { receive: (msg) => behind.cancel(msg) });
  }

  /** Whether any instance's messages come here. */
  get open(): boolean {
    return this.#front.every(({ state }) => state === "open");
  }

  /** The subjects of the mailbox itself that the permissions refuse. */
  get shut(): readonly string[] {
    return forbiddenOf(this.#front);
  }

  /** All subjects that the permissions refuse. */
  get forbidden(): readonly string[] {
    return forbiddenOf([...this.#front, ...this.#others, this.#cancellations]);
  }

  /** Ends them, but for cancellations; resolves when all that the server had sent before was received. */
  async drain(): Promise<void> {
    await Promise.all([...this.#front, ...this.#others].map((subscription) => subscription.drain()));
  }

  /** Nothing runs any more that could be cancelled. */
  async drainCancellations(): Promise<void> {
    await this.#cancellations.drain();
  }
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf(".") + 1);

const forbiddenOf = (subscriptions: readonly LinkSubscription[]): readonly string[] =>
  subscriptions.filter(({ state }) => state === "forbidden").map(({ subject }) => subject);
