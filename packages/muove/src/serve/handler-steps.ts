import type { GivenMetadata } from "../address/given-metadata.js";
import type { StepContext } from "./handler-context.js";

/**
 * A step around handlers. `next()` runs the steps after it and the handler, once, and gives what they return, or a
 * promise of it; the step returns that, or another answer. What it throws counts as thrown by the handler.
 */
export type HandlerStep<Meta = unknown, Given = GivenMetadata<Meta>> = (
  ctx: StepContext<Meta, Given>,
  next: () => unknown,
) => unknown;

/** The steps around the handlers of a bus; the first one is the outermost. */
export class HandlerSteps {
  readonly #steps: HandlerStep[] = [];

  get none(): boolean {
    return this.#steps.length === 0;
  }

  add(step: HandlerStep): void {
    this.#steps.push(step);
  }

  /** Runs the steps from the one at `at`, and the handler inside them. */
  run(ctx: StepContext, handle: () => unknown, at = 0): unknown {
    const step = this.#steps[at];
    if (step === undefined) return handle();
    let gone = false;
    return step(ctx, () => {
      if (gone) throw new Error(`a step around ${ctx.address} called next() twice`);
      gone = true;
      return this.run(ctx, handle, at + 1);
    });
  }
}
