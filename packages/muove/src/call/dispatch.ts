import { onAbort } from "../base/on-abort.js";
import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { Attempt, type AttemptOwner } from "./attempt.js";
import { clearance } from "./preflight.js";
import type { DispatchOwner, Request } from "./request.js";
import { isRefusedAsDraining, pauseBefore } from "./retry.js";
import type { CallTarget } from "./target.js";

/**
 * Sends a request to one address: preflight, attempt, peer update, and retry if there is one.
 *
 * DISPATCH-1 It ends once, by its deadline.
 * DISPATCH-2 If one attempt may have been delivered, so may the call: a later attempt that was not delivered does not
 *   hide that.
 */
export class Dispatch implements AttemptOwner {
  readonly #request: Request;
  readonly #to: CallTarget;
  readonly #owner: DispatchOwner;
  #attempts = 0;
  #maybeDelivered: AnyOutcome | undefined;

  constructor(request: Request, to: CallTarget, owner: DispatchOwner) {
    this.#request = request;
    this.#to = to;
    this.#owner = owner;
  }

  /** @param timeout the time left, in ms. */
  send(timeout: number, now: number): void {
    this.#attempts++;
    const refusal = clearance(this.#request, this.#to, timeout, now);
    if (refusal === undefined) new Attempt(this.#request, this.#to, timeout, now, this).send();
    else this.#end(refusal);
  }

  ended(outcome: AnyOutcome, attempt: Attempt): void {
    this.#to.peer.ended(outcome, attempt);
    this.#end(outcome);
  }

  #end(outcome: AnyOutcome): void {
    const pause = this.#pauseBeforeNext(outcome);
    if (outcome.delivered === "maybe") this.#maybeDelivered = outcome;
    if (pause === undefined)
      this.#owner.ended(outcome.delivered === "no" ? (this.#maybeDelivered ?? outcome) : outcome);
    else this.#retry(pause, outcome);
  }

  /** The pause before the next attempt, in ms; `undefined` if there must be none, or no time is left. */
  #pauseBeforeNext(outcome: AnyOutcome): number | undefined {
    if (outcome.status === "ok") return undefined;
    const { env, retries, endsAt } = this.#request;
    if (env.transport.link.closed) return undefined;
    const { definition, alone } = this.#to;
    const pause = pauseBefore(outcome, this.#attempts, { retries, idempotent: definition.idempotent, alone });
    if (pause === undefined || performance.now() + pause >= endsAt) return undefined;
    return isRefusedAsDraining(outcome) || env.retryBudget.spend() ? pause : undefined;
  }

  #retry(pause: number, outcome: AnyOutcome): void {
    const { env, scope, payload, endsAt } = this.#request;
    env.reports.retried();
    const stopWaiting = (): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
    const cancel = (): void => {
      stopWaiting();
      this.#owner.ended(
        this.#maybeDelivered ?? ending.cancelled(this.#to.address, outcome.delivered === "no" ? "no" : "maybe"),
      );
    };
    const timer = setTimeout(() => {
      stopWaiting();
      const now = performance.now();
      const timeout = Math.max(1, endsAt - now);
      // The current server may have a lower limit than the one that its size was checked for.
      const fits = payload.length + this.#request.headers(timeout, now).length <= env.transport.link.maxPayload;
      if (fits) this.send(timeout, now);
      else this.#owner.ended(this.#maybeDelivered ?? outcome);
    }, pause);
    const stops = scope.signals.map((signal) => onAbort(signal, cancel));
  }
}
