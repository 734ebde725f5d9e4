import { describe, optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";

export interface CallOptions {
  /** How long to wait for the reply, in ms, retries included; 0 gives `expired`. Default: the contract's timeout. */
  readonly timeout?: number | undefined;
  /**
   * Cancels the call when it aborts: a handler that has started sees `ctx.signal` abort, one that has not never starts.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often the call may be retried, within its timeout, if it was not delivered, or if it is idempotent and may have
   * been delivered. Not after `expired`, `cancelled`, `forbidden` and `refused`, where it would not help, nor after `crashed`,
   * `reply-too-large` and `invalid-reply`, where a handler ran. After `rejected` and `unknown-message` another instance
   * may have another version of the contract, so calls to several instances are retried, and those to one instance or
   * by key are not. Pauses double and are jittered; an overloaded mailbox says itself when to retry. A budget limits
   * the retries of a bus to a tenth of its calls. Calls made by a handler are not retried, since its own caller
   * retries. Default 0. (A call that a draining instance refuses is always sent again.)
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
      : `must be a whole number of at least 0, not ${describe(value)}`,
};
