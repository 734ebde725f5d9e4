import type { NoAnswer } from "../outcome/outcome.js";
import type { LastKnown, mayBeEmpty } from "./last-known.js";

/**
 * Says that there is no fallback: for a call, see `withFallback`; or for this input, as the answer of an async
 * fallback.
 */
export const none: unique symbol = Symbol("muove.none");
export type None = typeof none;

/** A fallback that may come up empty: it may give `none`, throw, or take too long. */
export type PartialFallback<I, T> = LastKnown | ((input: I, outcome: NoAnswer) => Promise<T | None>);

/** Whatever is no function: a function with the right properties, such as a `name`, is no constant. */
type Inert = Primitive | { readonly [Symbol.hasInstance]?: never; readonly [mayBeEmpty]?: never };
type Primitive = string | number | boolean | bigint | symbol | null | undefined;

/** Where the output may be anything, a promise would do for it, too. */
type Settled<T> = unknown extends T ? Primitive | { readonly then?: never } : T;

/** A fallback that always answers. */
export type TotalFallback<I, T> = (T & Inert) | ((input: I, outcome: NoAnswer) => Settled<T>);

/** Any fallback, its types forgotten. */
export type FallbackStep = unknown;

/** A chain of fallbacks with no step that can never be reached. */
export type FallbackChain<I, T> =
  | readonly [...PartialFallback<I, T>[], TotalFallback<I, T>]
  | readonly [PartialFallback<I, T>, ...PartialFallback<I, T>[]];
