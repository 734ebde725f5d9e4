import { CallError } from "./call-error.js";
import type { Degraded, Failed, NoAnswer, Ok } from "./outcome.js";

export type AnyOutcome = Ok<unknown> | Degraded<unknown> | Failed<unknown> | NoAnswer;

/** The value that an outcome carries; nothing for those that carry none. */
export type ValueOf<O extends AnyOutcome> = O extends { readonly value: infer V } ? V : never;

/** A promise of an outcome; it never rejects. It can be used wherever a promise can. */
export class Answer<O extends AnyOutcome> extends Promise<O> {
  /**
   * The value, for those who want exceptions.
   *
   * @throws CallError (as a rejection) for `failed`, `unavailable` and `faulty`, with the outcome on it.
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

// So that `then` gives a plain promise, and `await` takes this one as it is instead of wrapping it (both look here).
Object.defineProperty(Answer.prototype, "constructor", { value: Promise });
