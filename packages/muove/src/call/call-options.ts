import { describe, optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";

export interface CallOptions {
  /** How long to wait for the answer, in ms, retries included; 0 is `expired`. Default: the contract's timeout. */
  readonly timeout?: number | undefined;
  /** Cancels the call when it aborts: the handler's `ctx.signal` aborts too, and what has not started does not start. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often the call may be sent again, within its timeout, when it was not delivered, or when it is idempotent and may
   * have been. Pauses double and are jittered; an overloaded mailbox says itself when to come back. A budget bounds what
   * all calls of a bus retry to a tenth of what they send. Calls made by a handler are not retried: who called it does
   * that. Default 0. (What a draining instance refuses is sent again in any case.)
   */
  readonly retries?: number | undefined;
}

/** @throws InvalidOptions */
export function checkedOptions(
  options: CallOptions | undefined,
  { address }: { readonly address: string },
): CallOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, callRules);
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${address}`, problems);
  return options;
}

export const signalRule = (value: unknown): string | undefined =>
  value instanceof AbortSignal ? undefined : `must be an AbortSignal, not ${describe(value)}`;

const callRules = {
  timeout: rules.duration,
  signal: signalRule,
  retries: (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0
      ? undefined
      : `must be a whole number from 0 up, not ${describe(value)}`,
};
