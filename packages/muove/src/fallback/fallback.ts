import type { NoAnswer, NoFallbackAnswered } from "../outcome/outcome.js";
import type { LastKnown, mayBeEmpty } from "./last-known.js";

/** Means "no fallback": for a call in `withFallback`, or, as the answer of an async fallback, for this input. */
export const none: unique symbol = Symbol.for("muove.none");
export type None = typeof none;

/** A fallback that may have no answer: it may return `none`, throw, or take too long. */
export type PartialFallback<I, T> = LastKnown | ((input: I, outcome: NoAnswer) => Promise<T | None>);

/** A fallback that always answers. */
export type TotalFallback<I, T> = Constant<T> | ((input: I, outcome: NoAnswer) => T);

/** A value of the output's type, also where that is the type parameter of a wrapper. */
type Constant<T> = unknown extends T ? Anything : FunctionsFit<T> extends true ? T & NoFunction : T;

// biome-ignore lint/complexity/noBannedTypes: unlike `unknown`, it leaves the parameters of a function their types.
type Anything = {} | null | undefined;

/**
 * Whether functions have this type by accident, such as `{ name: string }`. False for `any`: so the compiler knows that
 * a type parameter is itself a {@link Constant}.
 */
type FunctionsFit<T> = [unknown] extends [T] ? false : [(...args: never[]) => unknown] extends [T] ? true : false;
type NoFunction = { readonly [Symbol.hasInstance]?: never };

/** Any fallback, untyped. */
export type FallbackStep = unknown;

/** A chain of fallbacks without unreachable steps: only the last one may always answer. */
export type FallbackChain<I, T> = readonly [
  ...before: PartialFallback<I, T>[],
  last: PartialFallback<I, T> | TotalFallback<I, T>,
];

/** The last fallback of a chain: a constant, `lastKnown()` (`Empty` is `true`), or a function that returns `Result`. */
export type LastFallback<I, T, Empty, Result> =
  | Constant<T>
  | { readonly [mayBeEmpty]: Empty }
  | ((input: I, outcome: NoAnswer) => Result);

/** What is left after a chain with this {@link LastFallback}, beside its answers. */
export type AfterLast<Empty, Result> = true extends Empty
  ? NoFallbackAnswered
  : Result extends PromiseLike<unknown>
    ? NoFallbackAnswered
    : never;
