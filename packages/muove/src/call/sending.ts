import type { Encoding } from "../codec/index.js";
import type { Core } from "../core/core.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { type HeaderBlock, requestHeaders } from "../wire/headers.js";
import { Attempt } from "./attempt.js";
import { onAbort } from "./on-abort.js";
import { pauseBefore, type RepeatPolicy } from "./repeats.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/** A call, checked and encoded. */
export interface Prepared {
  readonly core: Core;
  readonly target: CallTarget;
  readonly scope: Scope;
  readonly payload: Uint8Array;
  /** Nothing for a call that carries nothing. */
  readonly encoding: Encoding | undefined;
  /** For the first attempt. */
  readonly headers: HeaderBlock;
  readonly policy: RepeatPolicy;
  /** How long the whole may take, in ms. */
  readonly timeout: number;
}

/** The headers of an attempt that is given `timeout` ms. */
export function headersFor({ from }: Core, { traceparent }: Scope, timeout: number): HeaderBlock {
  return requestHeaders({ from, timeout, clock: performance.now(), ...(traceparent && { traceparent }) });
}

/**
 * A call on its way, through the steps that every call takes: what makes sending pointless, the circuit, the sending and
 * the wait for an answer, what the peer is known by from now on, and whether it is sent again.
 *
 * D1 It resolves once, by its deadline.
 * D2 When one attempt may have been delivered, so may the call: a later one that was not delivered does not hide it.
 */
export class Sending {
  readonly #call: Prepared;
  readonly #endsAt: number;
  readonly #resolve: (outcome: AnyOutcome) => void;
  #attempts = 0;
  #maybeDelivered: AnyOutcome | undefined;

  constructor(call: Prepared, resolve: (outcome: AnyOutcome) => void) {
    this.#call = call;
    this.#endsAt = performance.now() + call.timeout;
    this.#resolve = resolve;
  }

  start(): void {
    const { core, headers, timeout } = this.#call;
    core.counts.calls++;
    core.repeatBudget.earn();
    this.#attempt(timeout, headers);
  }

  #attempt(timeout: number, headers: HeaderBlock): void {
    this.#attempts++;
    const hindrance = this.#hindrance(timeout);
    if (hindrance !== undefined) return this.#end(hindrance);
    const { core, target, scope, payload, encoding } = this.#call;
    const attempt = new Attempt(core, { target, encoding }, { timeout, signals: scope.signals }, this.#answered);
    if (core.link.publish(target.subject, payload, { reply: attempt.replySubject, headers })) attempt.wait();
    else attempt.settle(ending.unreachable(target.address, "no"));
  }

  /**
   * Why it need not be sent at all. The circuit is asked last, and only where there is a connection: to ask it may use up
   * the one call that is let through, and without a connection that is the truer reason.
   */
  #hindrance(timeout: number): AnyOutcome | undefined {
    const { core, target, scope } = this.#call;
    if (timeout === 0) return ending.expired(target.address);
    if (scope.signals.some((signal) => signal.aborted)) return ending.cancelled(target.address, "no");
    if (core.inbox.forbidden) return ending.forbidden(target.address);
    if (core.link.up && !target.peer.circuit.admits(performance.now())) return ending.circuitOpen(target.address);
    return undefined;
  }

  readonly #answered = (outcome: AnyOutcome, attempt: Attempt): void => {
    this.#call.target.peer.ended(outcome, attempt);
    this.#end(outcome);
  };

  #end(outcome: AnyOutcome): void {
    const pause = this.#pauseBeforeNext(outcome);
    if (outcome.delivered === "maybe") this.#maybeDelivered = outcome;
    if (pause === undefined) this.#resolve(outcome.delivered === "no" ? (this.#maybeDelivered ?? outcome) : outcome);
    else this.#again(pause, outcome);
  }

  /** How long to wait before the next attempt, in ms; nothing when there must be none, or no time is left for it. */
  #pauseBeforeNext(outcome: AnyOutcome): number | undefined {
    if (outcome.status === "ok" || this.#call.core.link.closed) return undefined;
    const pause = pauseBefore(outcome, this.#attempts, this.#call.policy);
    if (pause === undefined || performance.now() + pause >= this.#endsAt) return undefined;
    const free = outcome.status === "unavailable" && outcome.reason === "draining";
    return free || this.#call.core.repeatBudget.spend() ? pause : undefined;
  }

  #again(pause: number, outcome: AnyOutcome): void {
    const { core, scope, target, payload } = this.#call;
    core.counts.repeats++;
    const stopWaiting = (): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
    const cancel = (): void => {
      stopWaiting();
      this.#resolve(
        this.#maybeDelivered ?? ending.cancelled(target.address, outcome.delivered === "no" ? "no" : "maybe"),
      );
    };
    const timer = setTimeout(() => {
      stopWaiting();
      const timeout = Math.max(1, this.#endsAt - performance.now());
      const headers = headersFor(core, scope, timeout);
      // The server that is there now may take less than the one for which its size was checked.
      if (payload.length + headers.length > core.link.maxPayload) this.#resolve(this.#maybeDelivered ?? outcome);
      else this.#attempt(timeout, headers);
    }, pause);
    const stops = scope.signals.map((signal) => onAbort(signal, cancel));
  }
}
