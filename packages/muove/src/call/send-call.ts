import type { CallDefinition } from "@muove/contract";
import { optionProblems, rules } from "@muove/contract/internal";
import type { Core } from "../bus/core.js";
import { InvalidOptions } from "../bus/invalid-options.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { type Outgoing, outgoing, type Target } from "../wire/outgoing.js";
import { Call } from "./call.js";
import { PendingCall } from "./pending-call.js";
import type { Scope } from "./scope.js";

export interface CallOptions {
  /** How long to wait for the answer, in ms. Default: the contract's timeout. */
  readonly timeout?: number | undefined;
  /** Cancels the call when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A message that can be called. */
export interface CallTarget extends Target {
  readonly definition: CallDefinition;
}

/**
 * Makes a call and sends it at once. In order: what the caller got wrong is thrown, what makes sending pointless is an
 * outcome, then it is sent, then it waits.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendCall(core: Core, target: CallTarget, within: Scope, input: unknown, options?: CallOptions) {
  const { timeout: wanted = target.definition.timeout, signal } = checked(options, target);
  const scope = within.within(undefined, signal);
  const timeout = scope.allowance(wanted);
  const request = outgoing(core, target, input, {
    from: core.from,
    timeout,
    clock: performance.now(),
    ...(scope.traceparent === undefined ? {} : { traceparent: scope.traceparent }),
  });
  return new Call<unknown, unknown, unknown>(
    (resolve) => send(core, target, scope, timeout, request, resolve as (outcome: AnyOutcome) => void),
    originOf(core, target, scope, input),
  );
}

function send(
  core: Core,
  target: CallTarget,
  scope: Scope,
  timeout: number,
  request: Outgoing,
  resolve: (outcome: AnyOutcome) => void,
): void {
  const hindrance = hindranceOf(core, target, scope, timeout);
  if (hindrance !== undefined) {
    resolve(hindrance);
    return;
  }
  const pending = new PendingCall(core, { ...target, encoding: request.encoding }, resolve);
  const { payload, headers } = request;
  if (core.link.publish(target.subject, payload, { reply: pending.replySubject, headers })) {
    core.counts.calls++;
    pending.wait(timeout, scope.signals);
  } else {
    pending.settle(ending.unreachable(target.address, "no"));
  }
}

/** Why this call need not be sent at all. */
function hindranceOf(core: Core, { address }: CallTarget, scope: Scope, timeout: number): AnyOutcome | undefined {
  if (scope.signals.some((signal) => signal.aborted)) return ending.cancelled(address, "no");
  if (timeout === 0) return ending.expired(address);
  if (core.inbox.forbidden) return ending.forbidden(address);
  return undefined;
}

function originOf(core: Core, { address, definition }: CallTarget, scope: Scope, input: unknown): FallbackOrigin {
  return {
    address,
    input,
    output: definition.output,
    memory: () => core.memory(address),
    patience: () => Math.min(core.fallbackTimeout, scope.remaining),
    degraded(outcome) {
      core.counts.degraded++;
      if (core.events.heard("degraded")) core.events.emit("degraded", { address, outcome });
    },
  };
}

function checked(options: CallOptions | undefined, { address }: CallTarget): CallOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, { timeout: rules.milliseconds, signal: signalProblem });
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${address}`, problems);
  return options;
}

export function signalProblem(value: unknown): string | undefined {
  return value instanceof AbortSignal ? undefined : "must be an AbortSignal";
}
