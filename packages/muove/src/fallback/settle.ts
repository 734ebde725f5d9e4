import type { Schema } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { isPromise } from "../base/is-promise.js";
import { late, timeLimited } from "../base/time-limit.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { Degraded, NoAnswer } from "../outcome/outcome.js";
import type { Memory } from "../peers/memory.js";
import { type FallbackStep, none } from "./fallback.js";
import { FallbackError } from "./fallback-error.js";
import { isLastKnown, type LastKnown } from "./last-known.js";

/** The call that the fallbacks are for. */
export interface FallbackOrigin {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly input: unknown;
  /**
   * What an answer depends on: the input as it was sent, even if the object was modified since, its address, and its
   * metadata. @param meta the names of the metadata that count. Default: all.
   */
  sent(meta?: readonly string[]): unknown;
  readonly output: Schema | undefined;
  /** The last known answers to this message. */
  readonly memory: Memory;
  /** How long an async fallback may take, in ms from now. */
  patience(): number;
  /** Called for every fallback that threw, broke the contract or was too late. */
  failed(error: unknown): void;
  /** Called for every answer of a fallback. */
  degraded(outcome: Degraded<unknown>): void;
}

interface Found {
  readonly value: unknown;
  readonly source: Degraded<unknown>["source"];
  readonly age: number | undefined;
}

/**
 * What `.orElse` resolves to: the outcome itself if it is an answer, else the answer of the first fallback that has
 * one.
 */
export function settle(
  origin: FallbackOrigin,
  outcome: AnyOutcome,
  fallbacks: readonly FallbackStep[],
): AnyOutcome | Promise<AnyOutcome> {
  if (outcome.status === "unavailable" || outcome.status === "faulty") return fallBack(origin, outcome, fallbacks);
  if (outcome.status === "ok") remember(origin, outcome.value, fallbacks);
  return outcome;
}

/** Does work only if a fallback needs it. If keeping an answer fails, the answer still counts. */
function remember({ memory, sent }: FallbackOrigin, value: unknown, fallbacks: readonly FallbackStep[]): void {
  try {
    for (const step of fallbacks) if (isLastKnown(step)) memory.keep(sent(step.meta), value, step);
  } catch {
    // The value after the schema's parsing may be impossible to encode.
  }
}

async function fallBack(
  origin: FallbackOrigin,
  missing: NoAnswer,
  fallbacks: readonly FallbackStep[],
): Promise<Degraded<unknown> | NoAnswer> {
  const errors: unknown[] = [];
  for (const step of fallbacks) {
    try {
      const found = await ask(origin, missing, step);
      if (found !== undefined) return degraded(origin, missing, found, errors);
    } catch (error) {
      errors.push(error);
      origin.failed(error);
    }
  }
  return errors.length === 0 ? missing : { ...missing, fallbackErrors: errors };
}

function ask(
  origin: FallbackOrigin,
  missing: NoAnswer,
  step: FallbackStep,
): Promise<Found | undefined> | Found | undefined {
  // Somebody else's answer is not for whom the service refuses.
  if (isLastKnown(step)) return missing.reason === "refused" ? undefined : recall(origin, step);
  if (typeof step === "function") return compute(origin, missing, step as FallbackFunction);
  return { value: checked(origin, structuredClone(step)), source: "constant", age: undefined };
}

function recall(origin: FallbackOrigin, { maxAge, meta }: LastKnown): Found | undefined {
  const kept = origin.memory.recall(origin.sent(meta), maxAge);
  return kept && { value: kept.value, source: "last-known", age: kept.age };
}

type FallbackFunction = (input: unknown, outcome: NoAnswer) => unknown;

async function compute(origin: FallbackOrigin, missing: NoAnswer, step: FallbackFunction): Promise<Found | undefined> {
  const answer = step(origin.input, missing);
  const value = isPromise(answer) ? await inTime(answer, origin) : answer;
  return value === none ? undefined : { value: checked(origin, value), source: "function", age: undefined };
}

async function inTime(answer: Promise<unknown>, { address, patience }: FallbackOrigin): Promise<unknown> {
  const bound = patience();
  const value = await timeLimited(answer, bound);
  if (value !== late) return value;
  throw new FallbackError(`a fallback of ${address} did not answer within ${Math.round(bound)} ms`);
}

/** A fallback's answer must meet the contract like a real one. */
function checked({ output, address }: FallbackOrigin, value: unknown): unknown {
  const result = validate(output, value, address);
  if (result.issues)
    throw new FallbackError(`a fallback of ${address} broke the contract: ${issuesInWords(result.issues)}`);
  return result.value;
}

function degraded(
  origin: FallbackOrigin,
  missing: NoAnswer,
  { value, source, age }: Found,
  errors: readonly unknown[],
): Degraded<unknown> {
  const outcome: Degraded<unknown> = {
    status: "degraded",
    value,
    reason: missing.reason,
    delivered: missing.delivered,
    outcome: missing,
    source,
    age,
    ...(errors.length > 0 ? { fallbackErrors: errors } : {}),
  };
  origin.degraded(outcome);
  return outcome;
}
