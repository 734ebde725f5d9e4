import { InvalidContract } from "./invalid-contract.js";
import { describe, optionProblems, type Rule, rules } from "./options.js";
import { payloadSchemaProblem } from "./payload-schema.js";
import type { Plain, Schema } from "./schema.js";

/**
 * What to do with a cast or an event while there is no connection to NATS:
 *
 * - `"fail"`: make it a dead letter at once.
 * - `"drop"`: drop and count it; for messages that are worthless when late, such as measurements.
 * - `{ bufferFor }`: keep it in memory and send it, in order, when the connection is back. After `bufferFor` ms, or if
 *   the bus's buffer is full, it becomes a dead letter.
 */
export type WhenUnreachable = "fail" | "drop" | { readonly bufferFor: number };

/** The common part of a cast and an event: neither expects a reply. */
export interface OneWay<Kind extends string, Input extends Schema | undefined> {
  readonly kind: Kind;
  readonly input: Input;
  readonly whenUnreachable: WhenUnreachable;
  /** In ms; `undefined` for the default. */
  readonly handlerTimeout?: number | undefined;
}

/** The options of a cast and an event, apart from the input. */
export interface OneWayOptions {
  /**
   * How long a handler may take, in ms. Then it is overdue: its signal aborts, its slot goes to the next message, and as
   * many such handlers as slots make the service not live. Default 1,800,000 (30 minutes): nobody waits, so nobody says
   * what is too long, and only a handler that will never end should count as stuck.
   */
  readonly handlerTimeout?: number;
}

/** @throws InvalidContract listing every problem. */
export function oneWay<Kind extends string, Input extends Schema | undefined>(
  kind: Kind,
  options: OneWayOptions & { readonly input?: Input; readonly whenUnreachable?: WhenUnreachable },
  optionRules: Readonly<Record<string, Rule>> = oneWayRules,
): OneWay<Kind, Plain<Input>> {
  const problems = optionProblems(options, optionRules);
  if (problems.length > 0) throw new InvalidContract(`This ${kind}`, problems);
  const { input, whenUnreachable: policy = "fail", handlerTimeout } = options;
  const whenUnreachable = typeof policy === "object" ? Object.freeze({ ...policy }) : policy;
  return Object.freeze({ kind, input: input as Plain<Input>, whenUnreachable, handlerTimeout });
}

/** What each field of a definition must be. */
export const oneWayRules = {
  input: (value: unknown) => payloadSchemaProblem("(the input)", value, "input"),
  whenUnreachable: (value: unknown) => whenUnreachableProblem(value),
  handlerTimeout: rules.milliseconds,
};

export function whenUnreachableProblem(value: unknown): string | undefined {
  if (value === "fail" || value === "drop") return undefined;
  const { bufferFor } = (typeof value === "object" && value !== null ? value : {}) as { bufferFor?: unknown };
  if (bufferFor === undefined) return `must be "fail", "drop" or { bufferFor: ms }, not ${describe(value)}`;
  const problem = rules.milliseconds(bufferFor);
  return problem && `has a bufferFor that ${problem}`;
}
