import { describe, optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { metadataNameForm } from "../wire/metadata.js";

export interface LastKnownOptions {
  /** How old an answer may be, in ms. Default 600,000 (10 minutes). */
  readonly maxAge?: number;
  /**
   * How many answers to keep for this message, one per distinct input. The least recently used is evicted. Default
   * 1,000.
   */
  readonly entries?: number;
  /** How many bytes the answers may take together. The size of inputs does not count. Default 4,194,304 (4 MiB). */
  readonly maxBytes?: number;
  /**
   * The names of the metadata that an answer depends on, such as `["tenant"]`; `[]` for none. Default: all of it.
   * Leave out what changes from call to call, such as a token that rotates: nothing would be found again. Whatever is
   * left out protects nothing here, so check it before the call.
   */
  readonly meta?: readonly string[] | undefined;
}

export const mayBeEmpty: unique symbol = Symbol.for("muove.last-known");

/** See {@link lastKnown}. Plain frozen data. */
export interface LastKnown extends Required<LastKnownOptions> {
  readonly meta: readonly string[] | undefined;
  /** Distinguishes it from a constant if the output may be anything. */
  readonly [mayBeEmpty]: true;
}

export function isLastKnown(step: unknown): step is LastKnown {
  return typeof step === "object" && step !== null && mayBeEmpty in step;
}

/**
 * A fallback that repeats the last real answer to the same input with the same metadata. The outcome has its age in ms.
 *
 * Answers are kept per bus and message, starting with the first call that has `lastKnown()` among its fallbacks. Those
 * to one tenant are never given to another if the tenant is part of the metadata (see the option `meta`). Inputs
 * are the same if they are equal on the wire (key order does not matter). The encoded answer is kept, so modifying a
 * returned value has no effect. There is no answer to a call that the service refused (`refused`), for an input that was never answered, or too long ago, or whose last
 * answer is larger than `maxBytes`. The bounds apply per message, for all its addresses together.
 *
 * @throws InvalidOptions for an unknown option or a wrong value.
 */
export function lastKnown(options: LastKnownOptions = {}): LastKnown {
  const problems = optionProblems(options, {
    maxAge: rules.milliseconds,
    entries: rules.count,
    maxBytes: rules.count,
    meta: namesProblem,
  });
  if (problems.length > 0) throw new InvalidOptions("lastKnown()", problems);
  const { maxAge = 600_000, entries = 1_000, maxBytes = 4 * 1024 * 1024, meta } = options;
  const names = meta && Object.freeze([...meta]);
  return Object.freeze({ [mayBeEmpty]: true as const, maxAge, entries, maxBytes, meta: names });
}

function namesProblem(value: unknown): string | undefined {
  const fits = Array.isArray(value) && value.every((name) => typeof name === "string" && metadataNameForm.test(name));
  return fits ? undefined : `must be a list of names of metadata, such as ["tenant"], not ${describe(value)}`;
}
