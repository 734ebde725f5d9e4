import { AsyncResource } from "node:async_hooks";
import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { isPromise } from "../base/is-promise.js";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Metadata, MetadataRules } from "../metadata/metadata.js";
import type { MetadataTexts } from "../wire/metadata.js";
import type { Target } from "../wire/outgoing.js";

/** A message that is about to be sent. */
export interface Sending {
  readonly kind: "call" | "cast" | "event";
  readonly mailbox: string;
  readonly message: string;
  /** `<mailbox>.<message>`, followed by `@` and the instance or the tags if it is addressed to them. */
  readonly address: string;
  readonly input: unknown;
  /** The metadata that it carries so far, as texts by name. */
  readonly meta: MetadataTexts;
}

/** What a step adds to a message, untyped. */
interface Addition {
  readonly meta?: object | undefined;
  readonly settled?: ((result: never) => void) | undefined;
}

export type SendStep = (message: Sending) => Addition | undefined;

export type Settled = (result: unknown) => void;

/** What all steps made of a message. */
export interface Stepped {
  readonly metadata: Metadata | undefined;
  /** Tells the steps what became of it. Never throws. */
  readonly settled: Settled | undefined;
}

const unchanged: Stepped = { metadata: undefined, settled: undefined };

/**
 * The steps around what a bus sends.
 *
 * SEND-STEPS-1 A step decides at once, so a call is sent when it is made, and cannot be delayed, sent twice or lost. What
 *   an async step would add is not lost either: it is refused.
 * SEND-STEPS-2 A step that throws makes the sender throw, before anything is sent. What `settled` throws is logged, and
 *   changes nothing.
 */
export class SendSteps {
  readonly #steps: SendStep[] = [];
  readonly #rules: MetadataRules;
  readonly #log: RateLimitedLog;

  constructor(rules: MetadataRules, log: RateLimitedLog) {
    this.#rules = rules;
    this.#log = log;
  }

  add(step: SendStep): void {
    this.#steps.push(step);
  }

  /**
   * Takes all steps, in their order.
   *
   * @throws InvalidOptions, or what a step throws.
   */
  take(target: Target, kind: Sending["kind"], input: unknown, inherited: Metadata | undefined): Stepped {
    if (this.#steps.length === 0)
      return inherited === undefined ? unchanged : { metadata: inherited, settled: undefined };
    const { mailbox, message, address } = target;
    const settled: Settled[] = [];
    let metadata = inherited;
    for (const step of this.#steps) {
      const addition = step({ kind, mailbox, message, address, input, meta: metadata?.texts ?? {} });
      if (addition !== undefined) checkAddition(addition, address);
      metadata = this.#rules.add(metadata, addition?.meta);
      // The first step is the outermost, so it is the last to learn what became of it.
      if (addition?.settled !== undefined) settled.unshift(this.#safe(addition.settled, `${mailbox}.${message}`));
    }
    if (settled.length === 0) return { metadata, settled: undefined };
    return {
      metadata,
      settled: (result) => {
        for (const each of settled) each(result);
      },
    };
  }

  /** Runs in the context of whoever sends. */
  #safe(settled: (result: never) => void, message: string): Settled {
    const bound = AsyncResource.bind(settled as (result: unknown) => unknown);
    const failed = (err: unknown): void =>
      void this.#log.error(
        `${message} step`,
        () => ({ address: message, err }),
        "a step threw after a message was sent",
      );
    return (result) => {
      try {
        const done = bound(result);
        if (isPromise(done)) done.then(undefined, failed);
      } catch (error) {
        failed(error);
      }
    };
  }
}

/** @throws InvalidOptions for what would be lost without a word: what comes later, and names that nobody reads. */
function checkAddition(addition: Addition, address: string): void {
  const what = `What a step adds to ${address}`;
  if (isPromise(addition)) {
    addition.then(undefined, () => {});
    throw new InvalidOptions(what, ["it must be there at once, and not a promise: the message is sent now"]);
  }
  const problems = optionProblems(addition, { meta: () => undefined, settled: rules.function });
  if (problems.length > 0) throw new InvalidOptions(what, problems);
}
