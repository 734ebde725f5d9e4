import type { CallDefinition } from "./call.js";
import type { CastDefinition } from "./cast.js";
import { InvalidContract } from "./invalid-contract.js";
import { messageNameProblem, nameProblem, type ReservedName, versionProblem } from "./names.js";
import { describe, optionProblems } from "./options.js";

export type Message = CallDefinition | CastDefinition;
export type Messages = Readonly<Record<string, Message>>;

/** A contract: the messages that a mailbox takes. Made by {@link mailbox}; plain frozen data that opens nothing. */
export interface Mailbox<Name extends string = string, M extends Messages = Messages> {
  readonly kind: "mailbox";
  readonly name: Name;
  readonly version: string;
  readonly messages: M;
}

export interface MailboxOptions {
  /** The contract's semantic version. Default "0.0.0". It is told to monitoring tools; it routes nothing. */
  readonly version?: string;
}

/**
 * Defines a mailbox: its name on the bus and the messages that it takes, shared by the service that owns it and by all
 * that write to it.
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
  const problems = [nameProblem("the mailbox name", name), ...messageProblems(messages)]
    .filter((problem) => problem !== undefined)
    .concat(optionProblems(options, { version: versionProblem }));
  if (problems.length > 0) throw new InvalidContract(`The mailbox ${describe(name)}`, problems);
  const { version = "0.0.0" } = options;
  return Object.freeze({ kind: "mailbox", name, version, messages: Object.freeze({ ...messages }) as M });
}

function messageProblems(messages: unknown): (string | undefined)[] {
  if (typeof messages !== "object" || messages === null) return ["its messages must be an object of call() and cast()"];
  const entries = Object.entries(messages);
  if (entries.length === 0) return ["it has no message: add at least one call() or cast()"];
  return entries.flatMap(([name, message]) => [messageNameProblem(name), definitionProblem(name, message)]);
}

function definitionProblem(name: string, message: unknown): string | undefined {
  const kind = (message as { kind?: unknown } | null | undefined)?.kind;
  if (kind === "call" || kind === "cast") return undefined;
  return `${name} must be made by call() or cast(), not ${describe(message)}`;
}
