import { InvalidOptions } from "../base/invalid-options.js";
import { chainProblems } from "../fallback/check-chain.js";
import type { FallbackChain, FallbackStep, PartialFallback, TotalFallback } from "../fallback/fallback.js";
import { type FallbackOrigin, settle } from "../fallback/settle.js";
import { Answer, type AnyOutcome } from "../outcome/answer.js";
import type { Degraded, Failed, NoAnswer, Ok, Outcome } from "../outcome/outcome.js";

/** What is left when every absence has an answer. */
export type Answered<T, E> = Ok<T> | Degraded<T> | ([E] extends [never] ? never : Failed<E>);

/**
 * A call that was sent: a promise of its outcome. It never rejects.
 *
 * - Type `I`: what the caller gave; `T`: the contract's output; `E`: its declared errors.
 */
export class Call<I, T, E> extends Answer<Outcome<T, E>> {
  readonly #call: { readonly origin: FallbackOrigin };

  /**
   * @param call as its fallbacks see it, if it has any.
   * @param send resolves to what came of it.
   */
  constructor(call: { readonly origin: FallbackOrigin }, send: (resolve: (outcome: AnyOutcome) => void) => void) {
    super(send as (resolve: (outcome: Outcome<T, E>) => void) => void);
    this.#call = call;
  }

  /**
   * Answers in any case: where the outcome is `unavailable` or `faulty`, the fallbacks are asked in order and the first
   * that answers makes it `degraded`. `failed` is an answer and stays. A fallback that throws, answers against the
   * contract, or outlives its bound passes to the next; if none answers, the original outcome comes back with
   * `fallbackErrors`.
   *
   * A fallback is a value (falsy ones count), a function of the input and the outcome, or `lastKnown()`. A value or a
   * plain function always answers, so nothing may come after it (a function that throws, or breaks the contract, is a
   * mistake to mend: it is logged, and the original outcome comes back, whatever the type says). `lastKnown()` and a
   * function that returns a promise (which may be one of `none`) may come up empty; so may a chain that ends with one,
   * and its type says so.
   *
   * @throws InvalidOptions at once for a chain with nothing in it, or a value that the contract's output does not allow.
   */
  orElse(...fallbacks: [...PartialFallback<I, T>[], TotalFallback<I, T>]): Answer<Answered<T, E>>;
  orElse(...fallbacks: [PartialFallback<I, T>, ...PartialFallback<I, T>[]]): Answer<Answered<T, E> | NoAnswer>;
  orElse(...fallbacks: FallbackChain<I, T>): Answer<Answered<T, E> | NoAnswer>;
  orElse(...fallbacks: readonly FallbackStep[]): Answer<Answered<T, E> | NoAnswer> {
    const { origin } = this.#call;
    const { address, output } = origin;
    const problems = chainProblems(address, output, fallbacks);
    if (problems.length > 0) throw new InvalidOptions(`The fallbacks of ${address}`, problems);
    return new Answer((resolve) => {
      this.then((outcome) => resolve(settle(origin, outcome, fallbacks) as Answered<T, E> | NoAnswer));
    });
  }
}

Object.defineProperty(Call.prototype, "constructor", { value: Promise }); // As for Answer.
