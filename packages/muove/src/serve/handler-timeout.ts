import type { Mailbox, Message } from "@muove/contract";
import { describe, optionProblems, rules } from "@muove/contract/internal";

/**
 * How long the handlers of a mailbox may take, in place of what the contract says: in ms for all of them, or by message.
 */
export type HandlerTimeouts<Name extends PropertyKey = string> = number | { readonly [N in Name]?: number | undefined };

/** How long the handler of a cast or an event may take by default, in ms. */
const oneWayTimeout = 1_800_000;

/** How long a message's handler may take, in ms. @param override what the owner of this instance says instead. */
export function handlerTimeoutOf(definition: Message, override: number | undefined): number {
  return override ?? definition.handlerTimeout ?? (definition.kind === "call" ? definition.timeout : oneWayTimeout);
}

/** What is wrong with the `handlerTimeout` option of `serve()`. */
export function handlerTimeoutsProblem({ messages }: Mailbox, value: unknown): string | undefined {
  if (typeof value === "number") return rules.milliseconds(value);
  if (typeof value !== "object" || value === null)
    return `must be in ms, or an object of ms by message, not ${describe(value)}`;
  const handled = Object.entries(messages).filter(([, { kind }]) => kind !== "event");
  const problems = optionProblems(value, Object.fromEntries(handled.map(([name]) => [name, rules.milliseconds])));
  return problems.length === 0 ? undefined : `is wrong: ${problems.join("; ")}`;
}

export function overrideFor(message: string, timeouts: HandlerTimeouts | undefined): number | undefined {
  return typeof timeouts === "object" ? timeouts[message] : timeouts;
}
