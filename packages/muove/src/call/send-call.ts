import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import { Broadcast } from "./broadcast.js";
import { Call } from "./call.js";
import type { CallEnvironment } from "./call-environment.js";
import { type CallOptions, checkedOptions, signalRule } from "./call-options.js";
import { Dispatch } from "./dispatch.js";
import { FirstDial } from "./first-dial.js";
import { KeyedDispatch } from "./keyed-dispatch.js";
import { Request } from "./request.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/**
 * Sends a call at once, or after the first dial of its bus.
 *
 * @throws InvalidOptions, InvalidInput, and TooLarge once a server has told its limit.
 */
export function sendCall(
  env: CallEnvironment,
  target: CallTarget,
  scope: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const request = new Request(env, target, scope, input, checkedOptions(options, target));
  return new Call<unknown, unknown, unknown>(request, (resolve) => {
    request.answersTo(resolve);
    begin(request, new Dispatch(request, target, request));
  });
}

/**
 * Sends a call by key: at once if the responsible instance is known, otherwise after the lookup.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendKeyedCall(
  env: CallEnvironment,
  target: CallTarget,
  key: string,
  route: KeyRoute<CallTarget>,
  scope: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const request = new Request(env, target, scope, input, checkedOptions(options, target), { key });
  return new Call<unknown, unknown, unknown>(request, (resolve) => {
    request.answersTo(resolve);
    begin(request, new KeyedDispatch(request, route));
  });
}

export type ToAllOptions = Pick<CallOptions, "timeout" | "signal">;

/**
 * Sends a call to everyone at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendToAll(
  env: CallEnvironment,
  target: CallTarget,
  openWatch: () => Watch,
  scope: Scope,
  input: unknown,
  options: ToAllOptions = {},
): Broadcast {
  const problems = optionProblems(options, { timeout: rules.duration, signal: signalRule });
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${target.address}`, problems);
  const request = new Request(env, target, scope, input, options, { cancellable: true });
  const broadcast = new Broadcast(request, openWatch);
  begin(request, broadcast);
  return broadcast;
}

/** The dispatch for one kind of address. */
interface Sendable {
  send(timeout: number, now: number): void;
}

function begin(request: Request, dispatch: Sendable): void {
  const { env, scope, timeout, madeAt } = request;
  env.reports.called();
  env.retryBudget.earn();
  if (!env.transport.link.starting || timeout === 0 || scope.aborted) dispatch.send(timeout, madeAt);
  else new FirstDial(request, (left, now) => dispatch.send(left, now));
}
