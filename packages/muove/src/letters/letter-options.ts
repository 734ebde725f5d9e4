import { describe, optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { signalRule } from "../call/call-options.js";
import { isLetterId, maxLetterId } from "../wire/letter-headers.js";

/** Options of a durable cast. */
export interface LetterOptions {
  /**
   * The letter's id, such as that of the order that it is about: a letter that is sent again under it is kept once, within
   * the contract's `duplicateWindow`. 1 to 128 visible ASCII characters. Default: a new one.
   */
  readonly id?: string | undefined;
  /** How long it may take until it is stored, in ms; it is sent again meanwhile, under the same id. Default 5,000. */
  readonly timeout?: number | undefined;
  /** Stops sending it again when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws InvalidOptions */
export function checkedLetterOptions(options: LetterOptions | undefined, address: string): LetterOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, letterRules);
  if (problems.length > 0) throw new InvalidOptions(`The options of the durable cast ${address}`, problems);
  return options;
}

const letterRules = {
  id: (value: unknown) =>
    isLetterId(value) ? undefined : `must be 1 to ${maxLetterId} visible ASCII characters, not ${describe(value)}`,
  timeout: rules.duration,
  signal: signalRule,
};
