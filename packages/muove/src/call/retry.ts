import type { AnyOutcome } from "../outcome/answer.js";
import type { Delivered } from "../outcome/outcome.js";

const minPause = 20;
const maxPause = 500;
/** A call that is refused as draining finds another instance; after this many resends, something else is wrong. */
const maxResends = 5;

const gone: ReadonlySet<string> = new Set(["absent", "draining"]);
/** Another instance may have another version of the contract, as in the middle of a deploy. */
const otherVersion: ReadonlySet<string> = new Set(["rejected", "unknown-message"]);

/** It would be the same again. */
const final: ReadonlySet<string> = new Set(["cancelled", "expired", "forbidden", "refused"]);

export interface RetryPolicy {
  /** The maximum number of retries. */
  readonly retries: number;
  readonly idempotent: boolean;
  /** Whether the address is a single instance, so that no other one can take the call. */
  readonly alone?: boolean;
}

/**
 * The pause before a call is sent again, in ms; `undefined` if it must not be. `attempt` counts from 1.
 *
 * - A call that was refused as `draining` is always sent again at once: the next attempt goes to another instance.
 * - A call that was not delivered may be retried; one that may have been delivered, only if it is idempotent.
 * - A single instance that is absent or draining does not come back: calls to it are not retried. Neither are those that
 *   it refused as `rejected` or `unknown-message`, because it would again; any other instance may take them.
 * - `overloaded` says when to retry; otherwise the pause doubles. Both are jittered, so that callers spread out.
 */
export function pauseBefore(outcome: AnyOutcome, attempt: number, policy: RetryPolicy): number | undefined {
  if (outcome.status !== "unavailable" && outcome.status !== "faulty") return undefined;
  if (policy.alone && (gone.has(outcome.reason) || otherVersion.has(outcome.reason))) return undefined;
  if (isRefusedAsDraining(outcome)) return attempt <= maxResends ? 0 : undefined;
  if (attempt > policy.retries || !mayRetry(outcome.reason, outcome.delivered, policy.idempotent)) return undefined;
  if (outcome.reason === "overloaded") return Math.max(minPause, outcome.retryAfter) * (1 + Math.random());
  const upper = Math.min(maxPause, minPause * 2 ** attempt);
  return minPause + Math.random() * (upper - minPause);
}

/** It was not handled, so sending it again is safe, and costs no retry. */
export function isRefusedAsDraining(outcome: AnyOutcome): boolean {
  return outcome.status === "unavailable" && outcome.reason === "draining" && outcome.delivered === "no";
}

function mayRetry(reason: string, delivered: Delivered, idempotent: boolean): boolean {
  if (final.has(reason)) return false;
  return delivered === "no" || (delivered === "maybe" && idempotent);
}
