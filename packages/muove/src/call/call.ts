import { InvalidOptions } from "../base/invalid-options.js";
import { chainProblems } from "../fallback/check-chain.js";
import type { AfterLast, FallbackStep, LastFallback, None, PartialFallback } from "../fallback/fallback.js";
import { type FallbackOrigin, settle } from "../fallback/settle.js";
import { Answer, type AnyOutcome } from "../outcome/answer.js";
import type { Degraded, Failed, NoFallbackAnswered, Ok, Outcome } from "../outcome/outcome.js";

/** The outcomes that remain when fallbacks cover every failure. */
export type Answered<T, E> = Ok<T> | Degraded<T> | ([E] extends [never] ? never : Failed<E>);

/**
 * A promise of a call's outcome. The call is already sent, and the promise never rejects.
 *
 * - `I`: the caller's input; `T`: the contract's output; `E`: its declared errors.
 */
export class Call<I, T, E> extends Answer<Outcome<T, E>> {
  readonly #call: { readonly origin: FallbackOrigin };

  /**
   * @param call the call as its fallbacks see it.
   * @param send sends it, and resolves to its outcome.
   */
  constructor(call: { readonly origin: FallbackOrigin }, send: (resolve: (outcome: AnyOutcome) => void) => void) {
    super(send as (resolve: (outcome: Outcome<T, E>) => void) => void);
    this.#call = call;
  }

  /**
   * Adds fallbacks: if the outcome is `unavailable` or `faulty`, they are tried in order, and the first that gives a
   * value makes it `degraded`. `failed` is an answer and stays. If a fallback throws, breaks the contract or takes too
   * long, the next one is tried; if none gives a value, the original outcome comes back with `fallbackErrors`.
   *
   * A fallback is a value (falsy ones count), a function of the input and the outcome, or `lastKnown()`. A value or a
   * synchronous function always answers, so it must be the last. (If such a function throws or breaks the contract, fix
   * it: the error is logged, and the original outcome comes back, whatever the type says.) `lastKnown()` and a function
   * that returns a promise (also of `none`) may give nothing; so may a chain that ends with one, and its type says so.
   *
   * @throws InvalidOptions at once for an empty chain, or a value that the contract's output does not allow. The call is
   * under way by then; `withFallback` checks a chain before there is one.
   */
  orElse<Empty = never, Result extends T | Promise<T | None> = never>(
    last: LastFallback<I, T, Empty, Result>,
  ): Answer<Answered<T, E> | AfterLast<Empty, Result>>;
  // One signature for each number of fallbacks: the compiler then names the fallback that is wrong, not the list.
  orElse<Empty = never, Result extends T | Promise<T | None> = never>(
    first: PartialFallback<I, T>,
    last: LastFallback<I, T, Empty, Result>,
  ): Answer<Answered<T, E> | AfterLast<Empty, Result>>;
  orElse<Empty = never, Result extends T | Promise<T | None> = never>(
    first: PartialFallback<I, T>,
    second: PartialFallback<I, T>,
    last: LastFallback<I, T, Empty, Result>,
  ): Answer<Answered<T, E> | AfterLast<Empty, Result>>;
  orElse<Empty = never, Result extends T | Promise<T | None> = never>(
    first: PartialFallback<I, T>,
    second: PartialFallback<I, T>,
    third: PartialFallback<I, T>,
    ...more: [...before: PartialFallback<I, T>[], last: LastFallback<I, T, Empty, Result>]
  ): Answer<Answered<T, E> | AfterLast<Empty, Result>>;
  orElse(...fallbacks: readonly FallbackStep[]): Answer<Answered<T, E> | NoFallbackAnswered> {
    const { origin } = this.#call;
    const { address, output } = origin;
    const problems = chainProblems(address, output, fallbacks);
    if (problems.length > 0) throw new InvalidOptions(`The fallbacks of ${address}`, problems);
    return new Answer((resolve) => {
      this.then((outcome) => resolve(settle(origin, outcome, fallbacks) as Answered<T, E> | NoFallbackAnswered));
    });
  }
}

Object.defineProperty(Call.prototype, "constructor", { value: Promise }); // As for Answer.
