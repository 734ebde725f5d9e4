import type { NoAnswer } from "../outcome/outcome.js";
import type { LastKnown, mayBeEmpty } from "./last-known.js";

/** Means "no fallback": for a call in `withFallback`, or, as the answer of an async fallback, for this input. */
export const none: unique symbol = Symbol("muove.none");
export type None = typeof none;

/** A fallback that may have no answer: it may return `none`, throw, or take too long. */
export type PartialFallback<I, T> = LastKnown | ((input: I, outcome: NoAnswer) => Promise<T | None>);

/** Anything but a function. A function with matching properties, such as `name`, is not a constant. */
type Inert = Primitive | { readonly [Symbol.hasInstance]?: never; readonly [mayBeEmpty]?: never };
type Primitive = string | number | boolean | bigint | symbol | null | undefined;

/** If the output may be anything, it must still exclude promises. */
type Settled<T> = unknown extends T ? Primitive | { readonly then?: never } : T;

/** A fallback that always answers. */
export type TotalFallback<I, T> = (T & Inert) | ((input: I, outcome: NoAnswer) => Settled<T>);

/** Any fallback, untyped. */
export type FallbackStep = unknown;

/** A chain of fallbacks without unreachable steps. */
export type FallbackChain<I, T> =
  | readonly [...PartialFallback<I, T>[], TotalFallback<I, T>]
  | readonly [PartialFallback<I, T>, ...PartialFallback<I, T>[]];
