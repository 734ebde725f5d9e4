import { describe, optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Core } from "../core/core.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { KeyRoute } from "../presence/key-route.js";
import { checkSize } from "../wire/outgoing.js";
import { Call } from "./call.js";
import { KeyedSending } from "./keyed-sending.js";
import { Prepared } from "./prepared.js";
import type { Scope } from "./scope.js";
import { headersFor, Sending } from "./sending.js";
import type { CallTarget } from "./target.js";

export interface CallOptions {
  /** How long to wait for the answer, in ms, retries included; 0 is `expired`. Default: the contract's timeout. */
  readonly timeout?: number | undefined;
  /** Cancels the call when it aborts: the handler's `ctx.signal` aborts too, and what has not started does not start. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often the call may be sent again, within its timeout, when it was not delivered, or when it is idempotent and may
   * have been. Pauses double and are jittered; an overloaded mailbox says itself when to come back. A budget bounds what
   * all calls of a bus retry to a tenth of what they send. Calls made by a handler are not retried: who called it does
   * that. Default 0. (What a draining instance refuses is sent again in any case.)
   */
  readonly retries?: number | undefined;
}

/**
 * Makes a call and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge: what the caller got wrong, whatever the state of the world.
 */
export function sendCall(core: Core, target: CallTarget, within: Scope, input: unknown, options?: CallOptions) {
  const call = new Prepared(core, target, within, input, checked(options, target));
  const now = performance.now();
  const headers = headersFor(call, call.timeout, now);
  checkSize(target, call.payload, headers, core.link.maxPayload);
  const send = (resolve: Resolve): void => new Sending(call, now, call.told(resolve)).start(headers, now);
  return new Call<unknown, unknown, unknown>(call, send);
}

/**
 * Makes a call by key: it is sent at once where it is known who is responsible, and otherwise as soon as that is known.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendKeyedCall(
  core: Core,
  target: CallTarget,
  key: string,
  route: KeyRoute<CallTarget>,
  within: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const call = new Prepared(core, target, within, input, checked(options, target));
  const now = performance.now();
  checkSize(target, call.payload, headersFor(call, call.timeout, now), core.link.maxPayload);
  const send = (resolve: Resolve): void => new KeyedSending(call, route, now, call.told(resolve)).start();
  return new Call<unknown, unknown, unknown>(new KeyedOrigin(call, key), send);
}

type Resolve = (outcome: AnyOutcome) => void;

/** A keyed call as its fallbacks see it: what was answered for one key is not known for another one. */
class KeyedOrigin {
  readonly #call: Prepared;
  readonly #key: string;

  constructor(call: Prepared, key: string) {
    this.#call = call;
    this.#key = key;
  }

  get origin(): FallbackOrigin {
    const { origin } = this.#call;
    return { ...origin, sent: () => [this.#key, origin.sent()] };
  }
}

function checked(options: CallOptions | undefined, { address }: CallTarget): CallOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, callRules);
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${address}`, problems);
  return options;
}

export const signalRule = (value: unknown): string | undefined =>
  value instanceof AbortSignal ? undefined : `must be an AbortSignal, not ${describe(value)}`;

const callRules = {
  timeout: rules.duration,
  signal: signalRule,
  retries: (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0
      ? undefined
      : `must be a whole number from 0 up, not ${describe(value)}`,
};
