import type { CallDefinition } from "./call.js";
import type { CastDefinition } from "./cast.js";
import { messagesProblems } from "./definitions.js";
import { type EventDefinition, type EventReference, eventReference } from "./event.js";
import { InvalidContract } from "./invalid-contract.js";
import { nameProblem, type ReservedName, versionProblem } from "./names.js";
import { describe, optionProblems } from "./options.js";

export type Message = CallDefinition | CastDefinition | EventDefinition;
export type Messages = Readonly<Record<string, Message>>;

/** The events of a mailbox, by name, to be listened to. */
export type EventReferences<M extends Messages> = string extends keyof M
  ? Readonly<Record<string, EventReference>>
  : {
      readonly [Name in keyof M as M[Name] extends EventDefinition ? Name : never]: M[Name] extends EventDefinition
        ? EventReference<M[Name]>
        : never;
    };

/** A contract: the messages that a mailbox takes, and the events that its owner publishes. Made by {@link mailbox}; plain frozen data that opens nothing. */
export interface Mailbox<Name extends string = string, M extends Messages = Messages> {
  readonly kind: "mailbox";
  readonly name: Name;
  readonly version: string;
  readonly messages: M;
  /** References to those of its messages that are events, for `bus.on`. */
  readonly events: EventReferences<M>;
}

export interface MailboxOptions {
  /** The contract's semantic version. Default "0.0.0". It is told to monitoring tools; it routes nothing. */
  readonly version?: string;
}

/**
 * Defines a mailbox: its name on the bus, the calls and casts that it takes and the events that its owner publishes,
 * shared by the service that owns it, by all that write to it and by all that listen to it.
 *
 * @param name one token of a NATS subject: letters, digits, `-` and `_`, starting with a letter; at most 64.
 * @param messages by name, under the same rule; names that a JavaScript object already has, such as `then`, are refused.
 * @throws InvalidContract listing everything that is wrong.
 */
export function mailbox<const Name extends string, M extends Messages>(
  name: Name,
  messages: M & { readonly [Reserved in Extract<keyof M, ReservedName>]: never },
  options: MailboxOptions = {},
): Mailbox<Name, M> {
  const problems = [nameProblem("the mailbox name", name), ...messagesProblems(messages)]
    .filter((problem) => problem !== undefined)
    .concat(optionProblems(options, { version: versionProblem }));
  if (problems.length > 0) throw new InvalidContract(`The mailbox ${describe(name)}`, problems);
  const { version = "0.0.0" } = options;
  return Object.freeze({
    kind: "mailbox",
    name,
    version,
    messages: Object.freeze({ ...messages }) as M,
    events: eventsOf(name, messages) as EventReferences<M>,
  });
}

/** References to those messages that are events. */
export function eventsOf(mailbox: string, messages: Messages): EventReferences<Messages> {
  const events = Object.entries(messages).filter(
    (entry): entry is [string, EventDefinition] => entry[1].kind === "event",
  );
  return Object.freeze(
    Object.fromEntries(events.map(([name, definition]) => [name, eventReference(mailbox, name, definition)])),
  );
}
