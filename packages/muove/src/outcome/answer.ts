import { CallError } from "./call-error.js";
import type { Degraded, Failed, NoAnswer, Ok } from "./outcome.js";

export type AnyOutcome = Ok<unknown> | Degraded<unknown> | Failed<unknown> | NoAnswer;

/** The type of an outcome's value; `never` if it has none. */
export type ValueOf<O extends AnyOutcome> = O extends { readonly value: infer V } ? V : never;

/** A promise of an outcome. It never rejects, and works wherever a promise does. */
export class Answer<O extends AnyOutcome> extends Promise<O> {
  /**
   * Resolves to the value, for code that prefers exceptions.
   *
   * @throws CallError (as a rejection) for `failed`, `unavailable` and `faulty`, with the outcome in `outcome`.
   */
  orThrow(): Promise<ValueOf<O>> {
    const calledAt: { stack?: string } = {};
    Error.captureStackTrace(calledAt, this.orThrow);
    return this.then((outcome) => {
      if (outcome.status === "ok" || outcome.status === "degraded") return outcome.value as ValueOf<O>;
      const error = new CallError(outcome);
      error.stack = `${error.name}: ${error.message}\n${calledAt.stack?.split("\n").slice(1).join("\n")}`;
      throw error;
    });
  }
}

// Both `then` and `await` look at this: `then` returns a plain promise, and `await` does not wrap this one.
Object.defineProperty(Answer.prototype, "constructor", { value: Promise });
