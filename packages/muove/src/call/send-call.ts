import type { FallbackOrigin } from "../fallback/settle.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { KeyRoute } from "../presence/key-route.js";
import { checkSize } from "../wire/outgoing.js";
import { Call } from "./call.js";
import type { CallEnvironment } from "./call-environment.js";
import { type CallOptions, checkedOptions } from "./call-options.js";
import { KeyedSending } from "./keyed-sending.js";
import { Prepared } from "./prepared.js";
import type { Scope } from "./scope.js";
import { headersFor, Sending } from "./sending.js";
import type { CallTarget } from "./target.js";

/**
 * Makes a call and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge: what the caller got wrong, whatever the state of the world.
 */
export function sendCall(
  core: CallEnvironment,
  target: CallTarget,
  within: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const call = new Prepared(core, target, within, input, checkedOptions(options, target));
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
  core: CallEnvironment,
  target: CallTarget,
  key: string,
  route: KeyRoute<CallTarget>,
  within: Scope,
  input: unknown,
  options?: CallOptions,
) {
  const call = new Prepared(core, target, within, input, checkedOptions(options, target));
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
