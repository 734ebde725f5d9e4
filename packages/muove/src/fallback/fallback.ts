import type { Missing } from "../outcome/outcome.js";
import type { LastKnown } from "./last-known.js";

/** Says that a call has no fallback, on purpose: see `withFallback`. */
export const none: unique symbol = Symbol("muove.none");
export type None = typeof none;

/** A fallback that may come up empty. */
export type PartialFallback<I, T> = LastKnown | ((input: I, outcome: Missing) => Promise<T>);

/** A fallback that always answers. */
export type TotalFallback<I, T> = T | ((input: I, outcome: Missing) => T);

/** Any fallback, its types forgotten. */
export type FallbackStep = unknown;

/** A chain of fallbacks with no step that can never be reached. */
export type FallbackChain<I, T> =
  | readonly [...PartialFallback<I, T>[], TotalFallback<I, T>]
  | readonly [PartialFallback<I, T>, ...PartialFallback<I, T>[]];
