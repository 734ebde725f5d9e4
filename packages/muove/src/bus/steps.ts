import { optionProblems, rules } from "@muove/contract/internal";
import type { GivenMetadata, WithMetadata } from "../address/given-metadata.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Sending } from "../call/send-steps.js";
import type { Receipt } from "../cast/receipt.js";
import type { LetterReceipt } from "../letters/receipt.js";
import type { Outcome } from "../outcome/outcome.js";
import type { HandlerStep } from "../serve/handler-steps.js";

/** What a step adds to a message that is sent. */
export interface SendAddition<Given = undefined> extends WithMetadata<Given> {
  /**
   * Told what became of it: the outcome of a call, before any fallback (one for each instance of a call to everyone),
   * or the receipt of a cast or an event, durable or not. Runs in the asynchronous context of the sender. If it throws, that is logged.
   */
  readonly settled?:
    | ((result: Outcome<unknown, { readonly code: string; readonly data: unknown }> | Receipt | LetterReceipt) => void)
    | undefined;
}

/** Steps around what a bus does. See `bus.use`. */
export interface Steps<Meta = unknown, Given = GivenMetadata<Meta>> {
  /** Around each handler: of calls, casts and events. */
  readonly handle?: HandlerStep<Meta, Given> | undefined;
  /**
   * Before each call, cast and event is sent. It decides at once: a call is sent when it is made. What it throws, the
   * sender throws, and nothing is sent.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that adds nothing returns nothing.
  readonly send?: ((message: Sending) => SendAddition<Given> | undefined | void) | undefined;
}

/** @throws InvalidOptions */
export function checkSteps(steps: unknown): void {
  const problems = optionProblems(steps, { handle: rules.function, send: rules.function });
  if (problems.length > 0) throw new InvalidOptions("The steps of use()", problems);
}
