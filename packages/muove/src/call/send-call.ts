import { describe, longestTime, optionProblems, rules } from "@muove/contract/internal";
import { decode } from "../codec/index.js";
import type { Core } from "../core/core.js";
import { InvalidOptions } from "../core/invalid-options.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import type { AnyOutcome } from "../outcome/answer.js";
import { checkSize, payloadOf } from "../wire/outgoing.js";
import { Call } from "./call.js";
import type { Scope } from "./scope.js";
import { headersFor, type Prepared, Sending } from "./sending.js";
import type { CallTarget } from "./target.js";

export interface CallOptions {
  /** How long to wait for the answer, in ms, repeats included; 0 is `expired`. Default: the contract's timeout. */
  readonly timeout?: number | undefined;
  /** Cancels the call when it aborts: the handler's `ctx.signal` aborts too, and what has not started does not start. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often the call may be sent again, within its timeout, when it was not delivered, or when it is idempotent and may
   * have been. Pauses double and are jittered; an overloaded mailbox says itself when to come back. A budget bounds what
   * all calls of a bus repeat to a tenth of what they send. Calls made by a handler are not repeated: who called it does
   * that. Default 0. (What a draining instance refuses is sent again in any case.)
   */
  readonly repeats?: number | undefined;
}

/**
 * Makes a call and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge: what the caller got wrong, whatever the state of the world.
 */
export function sendCall(core: Core, target: CallTarget, within: Scope, input: unknown, options?: CallOptions) {
  const call = prepare(core, target, within, input, checked(options, target));
  return new Call<unknown, unknown, unknown>(
    (resolve) => new Sending(call, resolve as (outcome: AnyOutcome) => void).start(),
    originOf(call, input),
  );
}

function prepare(core: Core, target: CallTarget, within: Scope, input: unknown, options: CallOptions): Prepared {
  const { timeout: wanted = target.definition.timeout, signal, repeats = 0 } = options;
  const scope = signal === undefined ? within : within.within(undefined, signal);
  const timeout = scope.allowance(Math.min(wanted, longestTime));
  const payload = payloadOf(target, input, core.encoding);
  const headers = headersFor(core, scope, timeout);
  checkSize(target, payload, headers, core.link.maxPayload);
  const encoding = payload.length === 0 ? undefined : core.encoding;
  const policy = { repeats: scope.nested ? 0 : repeats, idempotent: target.definition.idempotent, alone: target.alone };
  return { core, target, scope, payload, encoding, headers, policy, timeout };
}

function originOf(
  { core, target: { address, definition, peer }, scope, payload }: Prepared,
  input: unknown,
): FallbackOrigin {
  return {
    address,
    input,
    sent: () => decode(payload).value,
    output: definition.output,
    memory: peer.memory,
    patience: () => scope.allowance(core.fallbackTimeout),
    failed: (error) => core.sparsely.warn(`${address} fallback`, { message: address, err: error }, "a fallback failed"),
    degraded(outcome) {
      core.counts.degraded++;
      if (core.events.heard("degraded")) core.events.emit("degraded", { address, outcome });
    },
  };
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
  repeats: (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0
      ? undefined
      : `must be a whole number from 0 up, not ${describe(value)}`,
};
