import type { Missing } from "../outcome/outcome.js";
import type { LastKnown } from "./last-known.js";

/** Says that there is no fallback: for a call, see `withFallback`; or for this input, as the answer of an async fallback. */
export const none: unique symbol = Symbol("muove.none");
export type None = typeof none;

/** A fallback that may come up empty: it may give `none`, throw, or take too long. */
export type PartialFallback<I, T> = LastKnown | ((input: I, outcome: Missing) => Promise<T | None>);

/** A fallback that always answers. */
export type TotalFallback<I, T> = T | ((input: I, outcome: Missing) => T);

/** Any fallback, its types forgotten. */
export type FallbackStep = unknown;

/** A chain of fallbacks with no step that can never be reached. */
export type FallbackChain<I, T> =
  | readonly [...PartialFallback<I, T>[], TotalFallback<I, T>]
  | readonly [PartialFallback<I, T>, ...PartialFallback<I, T>[]];
