import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Watch } from "../presence/watch.js";
import { checkSize } from "../wire/outgoing.js";
import type { CallEnvironment } from "./call-environment.js";
import { type CallOptions, signalRule } from "./call-options.js";
import { Gathering } from "./gathering.js";
import { Prepared } from "./prepared.js";
import type { Scope } from "./scope.js";
import { headersFor } from "./sending.js";
import type { CallTarget } from "./target.js";

export type ToAllOptions = Pick<CallOptions, "timeout" | "signal">;

/**
 * Makes a call to everyone and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendToAll(
  core: CallEnvironment,
  target: CallTarget,
  watch: () => Watch,
  within: Scope,
  input: unknown,
  options: ToAllOptions = {},
): Gathering {
  const problems = optionProblems(options, { timeout: rules.duration, signal: signalRule });
  if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${target.address}`, problems);
  const call = new Prepared(core, target, within, input, options, true);
  const now = performance.now();
  const headers = headersFor(call, call.timeout, now);
  checkSize(target, call.payload, headers, core.link.maxPayload);
  const gathering = new Gathering(call, watch, now);
  gathering.start(headers);
  return gathering;
}
