import type { EventDefinition, Mailbox, Messages } from "@muove/contract";
import { describe, optionProblems, rules } from "@muove/contract/internal";
import { type CapacityOptions, capacityRules } from "./capacity.js";
import { type HandlerTimeouts, handlerTimeoutsProblem } from "./handler-timeout.js";

/** `Name`: the messages that may be named. */
export interface ServeOptions<Name extends PropertyKey = never> extends CapacityOptions {
  /**
   * Handles messages of one key (`bus.to(stock, { key: sku })`) one at a time, in the order in which they come: all
   * messages of the mailbox, or those listed, which then share one line for each key. Messages of other keys, and those
   * without a key, are handled meanwhile. A handler that loses its slot loses its turn, too. At most half of the
   * backlog waits for one key. Default: none; all messages are handled concurrently.
   */
  readonly serialByKey?: boolean | readonly Name[] | undefined;
  /**
   * How long handlers may take, in ms, instead of what the contract says: one figure for all of them, or one by message.
   * Default: the contract's `handlerTimeout`.
   */
  readonly handlerTimeout?: HandlerTimeouts<Name> | undefined;
  /** How many handlers of durable casts may run at the same time, beside all others. Default 16. */
  readonly letters?: LetterCapacity | undefined;
}

export interface LetterCapacity {
  readonly concurrency?: number | undefined;
}

/** How many letters of a mailbox may be handled at the same time. */
export const letterConcurrency = ({ letters: { concurrency = 16 } = {} }: ServeOptions<PropertyKey>): number =>
  concurrency;

/** The names of the calls and casts of a mailbox. */
export type HandledNames<M extends Messages> = {
  [Name in keyof M]: M[Name] extends EventDefinition ? never : Name;
}[keyof M];

export function serveOptionProblems(options: unknown, mailbox: Mailbox): string[] {
  const serialByKey = (value: unknown): string | undefined => {
    if (typeof value === "boolean") return undefined;
    const handled = handledNames(mailbox);
    if (!Array.isArray(value)) return `must be true, false or a list of messages, not ${describe(value)}`;
    const unknown = value.filter((name) => !handled.includes(name)).map(describe);
    return unknown.length === 0
      ? undefined
      : `has ${unknown.join(", ")}, which ${mailbox.name} does not handle: it handles ${handled.join(", ")}`;
  };
  const handlerTimeout = (value: unknown) => handlerTimeoutsProblem(mailbox, value);
  const letters = (value: unknown): string | undefined => {
    if (mailbox.mail === undefined) return `is for durable casts, and ${mailbox.name} has none`;
    const problems = optionProblems(value, { concurrency: rules.count });
    return problems.length === 0 ? undefined : `is wrong: ${problems.join("; ")}`;
  };
  return optionProblems(options, { ...capacityRules, serialByKey, handlerTimeout, letters });
}

/** The names of the messages that take turns by key. */
export function serialMessages({ serialByKey = false }: ServeOptions<PropertyKey>, mailbox: Mailbox): Set<unknown> {
  if (typeof serialByKey === "boolean") return new Set(serialByKey ? handledNames(mailbox) : []);
  return new Set(serialByKey);
}

const handledNames = ({ messages }: Mailbox): string[] =>
  Object.keys(messages).filter((name) => messages[name]?.kind !== "event");
