import type { GivenMetadata } from "../address/given-metadata.js";
import { isPromise } from "../base/is-promise.js";
import type { Failure } from "./failure.js";
import type { StepContext } from "./handler-context.js";

/**
 * What a step gives, and gets of `next()`: an answer, or a promise of one. It is never nothing, so that a forgotten
 * `return` does not compile; what a handler without an answer gives is passed on as it is.
 */
export type StepAnswer = NonNullable<unknown> | null | Promise<unknown>;

/**
 * A step around handlers. `next()` runs the steps after it and the handler, once, and gives what they return, or a
 * promise of it; the step returns that, or another answer. What it throws counts as thrown by the handler.
 *
 * A step that ends while what `next()` gave is not done, or that ends with nothing and has not called `next()`, has
 * crashed: a forgotten `await` or `return` must not look like an answer.
 */
export type HandlerStep<Meta = unknown, Given = GivenMetadata<Meta>> = (
  ctx: StepContext<Meta, Given>,
  next: () => StepAnswer,
) => StepAnswer;

/** What steps need to know of a message. */
interface Stepped extends StepContext {
  /** A failure that was made and nobody looked at. */
  readonly unseenFailure: Failure | undefined;
}

/**
 * The steps around the handlers of a bus; the first one is the outermost.
 *
 * HANDLER-STEPS-1 A handler runs at most once, and not after the step before it has ended.
 * HANDLER-STEPS-2 A message is not done before its handler is, whatever the steps do: it keeps its slot, and is answered
 *   then.
 * HANDLER-STEPS-3 A step that forgets to wait for `next()`, or to call it, is a crash that names the step.
 */
export class HandlerSteps {
  readonly #steps: HandlerStep[] = [];

  get none(): boolean {
    return this.#steps.length === 0;
  }

  add(step: HandlerStep): void {
    this.#steps.push(step);
  }

  /** Runs the steps from the one at `at`, and the handler inside them. */
  run(ctx: Stepped, handle: () => unknown, at = 0): unknown {
    const step = this.#steps[at];
    if (step === undefined) return handle();
    return new StepRun(ctx, step, at + 1, () => this.run(ctx, handle, at + 1)).run();
  }
}

/** One step around one message. */
class StepRun {
  readonly #ctx: Stepped;
  readonly #step: HandlerStep;
  readonly #position: number;
  readonly #inside: () => unknown;
  #called = false;
  #over = false;
  /** What `next()` gave. */
  #inner: unknown;
  /** The same, until it is done. Never rejects. */
  #pending: Promise<void> | undefined;

  constructor(ctx: Stepped, step: HandlerStep, position: number, inside: () => unknown) {
    this.#ctx = ctx;
    this.#step = step;
    this.#position = position;
    this.#inside = inside;
  }

  run(): unknown {
    try {
      const result = this.#step(this.#ctx, this.#next);
      if (this.#called && result === this.#inner) return result; // Passed on as it is.
      return isPromise(result) ? result.then(this.#ended, this.#threw) : this.#ended(result);
    } catch (error) {
      return this.#threw(error);
    }
  }

  readonly #next = (): StepAnswer => {
    if (this.#called) throw this.#mistake("called next() twice");
    if (this.#over) throw this.#mistake("called next() after it had ended");
    this.#called = true;
    const inner = this.#inside();
    this.#inner = inner;
    // Done one turn later than it is: a step that did not wait for it ends before that, one that did ends after it.
    if (isPromise(inner)) this.#pending = inner.then(nothing, nothing).then(this.#done);
    return inner as StepAnswer;
  };

  readonly #done = (): void => {
    this.#pending = undefined;
  };

  readonly #ended = (answer: unknown): unknown => {
    this.#over = true;
    if (this.#pending !== undefined) {
      return this.#pending.then(() => {
        throw this.#mistake("ended before what next() gave was done: return it, or await it");
      });
    }
    if (answer === undefined && !this.#called && this.#ctx.unseenFailure === undefined) {
      throw this.#mistake("ended without an answer: return next(), another answer, or what ctx.fail() gives");
    }
    return answer;
  };

  readonly #threw = (error: unknown): unknown => {
    this.#over = true;
    const thrown = (): never => {
      throw error;
    };
    return this.#pending === undefined ? thrown() : this.#pending.then(thrown);
  };

  #mistake(what: string): Error {
    const { name } = this.#step;
    const which = name === "" || name === "handle" ? `step ${this.#position}` : `step ${this.#position}, ${name},`;
    return new Error(`${which} around ${this.#ctx.address} ${what}`);
  }
}

const nothing = (): void => {};
