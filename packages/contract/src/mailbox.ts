import type { CallDefinition } from "./call.js";
import type { CastDefinition } from "./cast.js";
import { messagesProblems } from "./definitions.js";
import { type EventDefinition, type EventReference, eventReference } from "./event.js";
import { InvalidContract } from "./invalid-contract.js";
import { type Mail, type MailOptions, mailOf, mailProblem } from "./mail.js";
import { nameProblem, type ReservedName, versionProblem } from "./names.js";
import { describe, optionProblems } from "./options.js";

export type Message = CallDefinition | CastDefinition | EventDefinition;
export type Messages = Readonly<Record<string, Message>>;

/** References to the events of a mailbox, by name, for `bus.on`. */
export type EventReferences<M extends Messages> = string extends keyof M
  ? Readonly<Record<string, EventReference>>
  : {
      readonly [Name in keyof M as M[Name] extends EventDefinition ? Name : never]: M[Name] extends EventDefinition
        ? EventReference<M[Name]>
        : never;
    };

/**
 * A contract: the messages that a mailbox takes and the events that its owner publishes. Made by {@link mailbox}; plain
 * frozen data that opens no connection.
 */
export interface Mailbox<Name extends string = string, M extends Messages = Messages> {
  readonly kind: "mailbox";
  readonly name: Name;
  readonly version: string;
  readonly messages: M;
  /** References to its events, for `bus.on`. */
  readonly events: EventReferences<M>;
  /** How its durable messages are kept; `undefined` if it has none. */
  readonly mail?: Mail | undefined;
}

export interface MailboxOptions {
  /** The contract's semantic version, for monitoring tools; it does not affect routing. Default "0.0.0". */
  readonly version?: string;
  /** How its durable messages are kept. All who use the mailbox must agree on it. */
  readonly mail?: MailOptions;
}

/**
 * Defines a mailbox: its name on the bus, the calls and casts that it takes and the events that its owner publishes.
 * The owner, the senders and the listeners share this definition.
 *
 * @param name one token of a NATS subject: up to 64 letters, digits, `-` and `_`, starting with a letter.
 * @param messages by name, with the same rule; names that every JavaScript object has, such as `then`, are refused.
 * @throws InvalidContract listing every problem.
 */
export function mailbox<const Name extends string, M extends Messages>(
  name: Name,
  messages: M & { readonly [Reserved in Extract<keyof M, ReservedName>]: never },
  options: MailboxOptions = {},
): Mailbox<Name, M> {
  const problems = [nameProblem("the mailbox name", name), ...messagesProblems(messages)]
    .filter((problem) => problem !== undefined)
    .concat(optionProblems(options, { version: versionProblem, mail: (value) => mailRule(value, messages) }));
  if (problems.length > 0) throw new InvalidContract(`The mailbox ${describe(name)}`, problems);
  const { version = "0.0.0", mail } = options;
  return Object.freeze({
    kind: "mailbox",
    name,
    version,
    messages: Object.freeze({ ...messages }) as M,
    events: eventsOf(name, messages) as EventReferences<M>,
    mail: isDurable(messages) ? mailOf(mail) : undefined,
  });
}

/** Whether any of the messages is kept. */
export const isDurable = (messages: Messages): boolean =>
  Object.values(messages).some((message) => message.kind === "cast" && message.durable !== undefined);

function mailRule(value: unknown, messages: Messages): string | undefined {
  const problem = mailProblem(value);
  if (problem !== undefined || messagesProblems(messages).length > 0 || isDurable(messages)) return problem;
  return "is for mailboxes with a durable cast: this one has none, so say cast({ durable: true }), or leave it out";
}

export function eventsOf(mailbox: string, messages: Messages): EventReferences<Messages> {
  const events = Object.entries(messages).filter(
    (entry): entry is [string, EventDefinition] => entry[1].kind === "event",
  );
  return Object.freeze(
    Object.fromEntries(events.map(([name, definition]) => [name, eventReference(mailbox, name, definition)])),
  );
}
