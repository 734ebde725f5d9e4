import { tagTokens } from "../address/tags.js";
import type { LinkSubscription, Message } from "../link/index.js";
import {
  cancelSubject,
  everyoneSubject,
  instanceSubject,
  messageSubject,
  queueGroup,
  tagsSubject,
} from "../wire/subjects.js";
import type { ServeEnvironment } from "./serve-environment.js";
import { Subscriptions } from "./subscriptions.js";

// docs/protocol.md, clauses S-2 to S-7 and X-2.

/** What a mailbox does with what comes through its doors. */
export interface Behind {
  /** What takes one of its messages. */
  taker(message: string): (msg: Message) => void;
  /** For what only this instance was sent: it need not be one of its messages. */
  takeAlone(message: string, msg: Message): void;
  /** For what every instance was sent: it need not be one of its messages. */
  takeWithAll(message: string, msg: Message): void;
  cancel(msg: Message): void;
}

/**
 * The subscriptions of a mailbox: where messages come in for any instance, for any with certain tags, for this one, and for
 * all of them.
 *
 * S1 Where the server chooses the instance, there is a subscription per message: then it finds one that knows the message, and
 *    says that nobody does where that is so. Where the sender has chosen, one for all messages will do, and this instance
 *    says itself what it does not know.
 */
export function mailboxSubscriptions(
  { link, prefix, instance, tags }: ServeEnvironment,
  mailbox: string,
  messages: readonly string[],
  behind: Behind,
): Subscriptions {
  const shared = (subject: string, message: string): LinkSubscription =>
    link.subscribe(subject, { queue: queueGroup, receive: behind.taker(message) });
  const own = (subject: string, take: (message: string, msg: Message) => void): LinkSubscription =>
    link.subscribe(subject, { receive: (msg) => take(lastToken(msg.subject), msg) });

  return new Subscriptions({
    front: messages.map((message) => shared(messageSubject(prefix, mailbox, message), message)),
    others: [
      own(instanceSubject(prefix, mailbox, instance, "*"), (message, msg) => behind.takeAlone(message, msg)),
      own(everyoneSubject(prefix, mailbox, "*"), (message, msg) => behind.takeWithAll(message, msg)),
      ...tagTokens(tags).flatMap((token) =>
        messages.map((message) => shared(tagsSubject(prefix, mailbox, token, message), message)),
      ),
    ],
    cancellations: [link.subscribe(cancelSubject(prefix, mailbox), { receive: (msg) => behind.cancel(msg) })],
  });
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf(".") + 1);
