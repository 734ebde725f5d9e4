import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import { Broadcast } from "./broadcast.js";
import { Call } from "./call.js";
import type { CallEnvironment } from "./call-environment.js";
import { type CallOptions, checkedOptions, signalRule } from "./call-options.js";
import { Dispatch } from "./dispatch.js";
import { KeyedDispatch } from "./keyed-dispatch.js";
import { Request } from "./request.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/**
 * Makes a call and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge: what the caller got wrong, whatever the state of the world.
 */
export function sendCall(
  env: CallEnvironment,
  target: CallTarget,
  within: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const request = new Request(env, target, within, input, checkedOptions(options, target));
  return new Call<unknown, unknown, unknown>(request, (resolve) => {
    begin(request, new Dispatch(request, target, request.told(resolve)));
  });
}

/**
 * Makes a call by key: it is sent at once where it is known who is responsible, and otherwise as soon as that is known.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendKeyedCall(
  env: CallEnvironment,
  target: CallTarget,
  key: string,
  route: KeyRoute<CallTarget>,
  within: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const request = new Request(env, target, within, input, checkedOptions(options, target), { key });
  return new Call<unknown, unknown, unknown>(request, (resolve) => {
    begin(request, new KeyedDispatch(request, route, request.told(resolve)));
  });
}

export type ToAllOptions = Pick<CallOptions, "timeout" | "signal">;

/**
 * Makes a call to everyone and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendToAll(
  env: CallEnvironment,
  target: CallTarget,
  watch: () => Watch,
  within: Scope,
  input: unknown,
  options: ToAllOptions = {},
): Broadcast {
  const problems = optionProblems(options, { timeout: rules.duration, signal: signalRule });
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${target.address}`, problems);
  const request = new Request(env, target, within, input, options, { cancellable: true });
  const broadcast = new Broadcast(request, watch);
  begin(request, broadcast);
  return broadcast;
}

/** One way to an address. */
interface Way {
  send(timeout: number, now: number): void;
}

function begin({ env, timeout, madeAt }: Request, way: Way): void {
  env.counts.calls++;
  env.retryBudget.earn();
  way.send(timeout, madeAt);
}
