import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";

export interface LastKnownOptions {
  /** How old an answer may be, in ms. Default 600,000 (10 minutes). */
  readonly maxAge?: number;
  /** How many answers are kept for this message, the most recently used ones; one per distinct input. Default 1,000. */
  readonly entries?: number;
  /** How much they may take together, in bytes; inputs do not count, whatever their size. Default 4,194,304 (4 MiB). */
  readonly maxBytes?: number;
}

export declare const mayBeEmpty: unique symbol;

/** See {@link lastKnown}. Plain data. */
export class LastKnown {
  /** Keeps it from being taken for a constant where the output may be anything. */
  declare readonly [mayBeEmpty]: true;
  readonly maxAge: number;
  readonly entries: number;
  readonly maxBytes: number;

  constructor({ maxAge = 600_000, entries = 1_000, maxBytes = 4 * 1024 * 1024 }: LastKnownOptions) {
    this.maxAge = maxAge;
    this.entries = entries;
    this.maxBytes = maxBytes;
    Object.freeze(this);
  }
}

/**
 * A fallback that repeats the last real answer to the same input, with its age in ms on the outcome.
 *
 * Answers are kept per bus and message, from the first call on that has `lastKnown()` among its fallbacks; inputs are
 * the same when they are equal on the wire (the order of keys does not matter). What is kept is the encoded answer, so
 * changing a value that was got changes nothing here. It comes up empty for an input that was never answered, or too
 * long ago, and for one whose last answer is larger than `maxBytes`. The bounds are those of a message, whatever its
 * addresses.
 *
 * @throws InvalidOptions for an unknown option or a wrong value.
 */
export function lastKnown(options: LastKnownOptions = {}): LastKnown {
  const problems = optionProblems(options, { maxAge: rules.milliseconds, entries: rules.count, maxBytes: rules.count });
  if (problems.length > 0) throw new InvalidOptions("lastKnown()", problems);
  return new LastKnown(options);
}
