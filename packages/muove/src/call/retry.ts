import type { AnyOutcome } from "../outcome/answer.js";

const shortestPause = 20;
const longestPause = 500;
/** A call that was refused as draining finds another instance; after so many, something else is wrong. */
const mostResends = 5;

const gone: ReadonlySet<string> = new Set(["absent", "draining"]);

/** How a call may be retried. */
export interface RetryPolicy {
  /** How often, at the most. */
  readonly retries: number;
  readonly idempotent: boolean;
  /** Whether there is one instance at that address, which nobody can stand in for. */
  readonly alone?: boolean;
}

/**
 * How long to wait before a call is sent again, in ms; nothing when it must not be. `attempt` counts from 1.
 *
 * - `draining` is always sent again at once: nothing was handled, and the next one goes to another instance.
 * - What was not delivered may be sent again; what may have been, only if it is idempotent.
 * - An instance that was addressed by itself and is gone, or goes, does not come back: it is not asked again.
 * - `overloaded` says itself when to come back; otherwise the pause doubles. Both are jittered, so that callers spread.
 */
export function pauseBefore(outcome: AnyOutcome, attempt: number, policy: RetryPolicy): number | undefined {
  if (outcome.status !== "unavailable") return undefined;
  if (policy.alone && gone.has(outcome.reason)) return undefined;
  if (outcome.reason === "draining") return attempt <= mostResends ? 0 : undefined;
  if (attempt > policy.retries || !mayRetry(outcome.reason, outcome.delivered, policy.idempotent)) return undefined;
  if (outcome.reason === "overloaded") return Math.max(shortestPause, outcome.retryAfter) * (1 + Math.random());
  const most = Math.min(longestPause, shortestPause * 2 ** attempt);
  return shortestPause + Math.random() * (most - shortestPause);
}

function mayRetry(reason: string, delivered: "no" | "maybe", idempotent: boolean): boolean {
  if (reason === "cancelled" || reason === "expired" || reason === "forbidden") return false;
  return delivered === "no" || idempotent;
}
