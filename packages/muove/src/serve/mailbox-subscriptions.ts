import { tagTokens } from "../address/tags.js";
import type { LinkSubscription, NatsMessage } from "../link/index.js";
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

/** What receives the messages of each kind of subscription. */
export interface MailboxRoutes {
  /** Returns the receiver of a message for any instance. */
  toAny(message: string): (msg: NatsMessage) => void;
  /** Receives a message for this instance, which may be unknown. */
  toInstance(message: string, msg: NatsMessage): void;
  /** Receives a message for all instances, which may be unknown. */
  toEveryone(message: string, msg: NatsMessage): void;
  cancel(msg: NatsMessage): void;
}

/**
 * The subscriptions of a mailbox: for messages to any instance, to any with certain tags, to this one, and to all.
 *
 * MAILBOX-SUBSCRIPTIONS-1 Where the server picks the instance, there is one subscription per message. So it picks an
 *   instance that knows the message, and reports no responders if none does. Where the sender has picked the instance,
 *   one subscription covers all messages, and the instance itself answers unknown ones.
 */
export function mailboxSubscriptions(
  { link, prefix, instance, tags }: ServeEnvironment,
  mailbox: string,
  messages: readonly string[],
  routes: MailboxRoutes,
): Subscriptions {
  const shared = (subject: string, message: string): LinkSubscription =>
    link.subscribe(subject, { queue: queueGroup, receive: routes.toAny(message) });
  const own = (subject: string, take: (message: string, msg: NatsMessage) => void): LinkSubscription =>
    link.subscribe(subject, { receive: (msg) => take(lastToken(msg.subject), msg) });

  return new Subscriptions({
    required: messages.map((message) => shared(messageSubject(prefix, mailbox, message), message)),
    optional: [
      own(instanceSubject(prefix, mailbox, instance, "*"), (message, msg) => routes.toInstance(message, msg)),
      own(everyoneSubject(prefix, mailbox, "*"), (message, msg) => routes.toEveryone(message, msg)),
      ...tagTokens(tags).flatMap((token) =>
        messages.map((message) => shared(tagsSubject(prefix, mailbox, token, message), message)),
      ),
    ],
    cancellations: [link.subscribe(cancelSubject(prefix, mailbox), { receive: (msg) => routes.cancel(msg) })],
  });
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf(".") + 1);
