import { onAbort } from "../base/on-abort.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { type HeaderBlock, requestHeaders } from "../wire/headers.js";
import { Attempt, type Attempting } from "./attempt.js";
import type { Sendable } from "./prepared.js";
import { pauseBefore } from "./retry.js";

/** The headers of an attempt that is made now and given `timeout` ms. */
export function headersFor({ core, trace, id }: Sendable, timeout: number, now: number): HeaderBlock {
  return requestHeaders({ from: core.from, timeout, clock: core.clockOrigin + now, call: id, trace: trace?.lines });
}

/**
 * A call on its way, through the steps that every call takes: what makes sending pointless, the circuit, the sending and
 * the wait for an answer, what the peer is known by from now on, and whether it is sent again.
 *
 * D1 It resolves once, by its deadline.
 * D2 When one attempt may have been delivered, so may the call: a later one that was not delivered does not hide it.
 */
export class Sending implements Attempting {
  readonly #call: Sendable;
  readonly #endsAt: number;
  readonly #resolve: (outcome: AnyOutcome) => void;
  #attempts = 0;
  #maybeDelivered: AnyOutcome | undefined;

  constructor(call: Sendable, now: number, resolve: (outcome: AnyOutcome) => void) {
    this.#call = call;
    this.#endsAt = now + call.timeout;
    this.#resolve = resolve;
  }

  /** @param headers those of the first attempt. */
  start(headers: HeaderBlock, now: number): void {
    const { core } = this.#call;
    core.counts.calls++;
    core.retryBudget.earn();
    this.send(headers, now);
  }

  /** Sends it as part of a call that is counted already. */
  send(headers: HeaderBlock, now: number): void {
    this.#attempt(this.#call.timeout, headers, now);
  }

  ended(outcome: AnyOutcome, attempt: Attempt): void {
    this.#call.target.peer.ended(outcome, attempt);
    this.#end(outcome);
  }

  #attempt(timeout: number, headers: HeaderBlock, now: number): void {
    this.#attempts++;
    const refusal = this.#preflight(timeout, now);
    if (refusal !== undefined) return this.#end(refusal);
    const { core, target, payload } = this.#call;
    const attempt = new Attempt(this.#call, timeout, now, this);
    if (core.link.publish(target.subject, payload, { reply: attempt.replySubject, headers })) attempt.wait();
    else attempt.unsent(this.#unsent(payload.length + headers.length));
  }

  /** Why it was handed to no connection. What waits, or is sent again, meets another server than the one for which it was checked. */
  #unsent(size: number): AnyOutcome {
    const { core, target } = this.#call;
    const { up, maxPayload } = core.link;
    return up && size > maxPayload
      ? ending.unfit(target.address, size, maxPayload)
      : ending.unreachable(target.address, "no");
  }

  /**
   * Why it need not be sent at all. The circuit is asked last, and only where there is a connection: to ask it may use up
   * the one call that is let through, and without a connection that is the truer reason.
   */
  #preflight(timeout: number, now: number): AnyOutcome | undefined {
    const { core, target, scope } = this.#call;
    if (timeout === 0) return ending.expired(target.address);
    if (scope.aborted) return ending.cancelled(target.address, "no");
    if (core.inbox.forbidden) return ending.forbidden(target.address);
    if (core.link.up && !target.peer.circuit.admits(now)) return ending.circuitOpen(target.address);
    return undefined;
  }

  #end(outcome: AnyOutcome): void {
    const pause = this.#pauseBeforeNext(outcome);
    if (outcome.delivered === "maybe") this.#maybeDelivered = outcome;
    if (pause === undefined) this.#resolve(outcome.delivered === "no" ? (this.#maybeDelivered ?? outcome) : outcome);
    else this.#again(pause, outcome);
  }

  /** How long to wait before the next attempt, in ms; nothing when there must be none, or no time is left for it. */
  #pauseBeforeNext(outcome: AnyOutcome): number | undefined {
    if (outcome.status === "ok") return undefined;
    const { core, target, retries } = this.#call;
    if (core.link.closed) return undefined;
    const pause = pauseBefore(outcome, this.#attempts, {
      retries,
      idempotent: target.definition.idempotent,
      alone: target.alone,
    });
    if (pause === undefined || performance.now() + pause >= this.#endsAt) return undefined;
    const free = outcome.status === "unavailable" && outcome.reason === "draining";
    return free || core.retryBudget.spend() ? pause : undefined;
  }

  #again(pause: number, outcome: AnyOutcome): void {
    const { core, scope, target, payload } = this.#call;
    core.counts.retries++;
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
      const now = performance.now();
      const timeout = Math.max(1, this.#endsAt - now);
      const headers = headersFor(this.#call, timeout, now);
      // The server that is there now may take less than the one for which its size was checked.
      if (payload.length + headers.length > core.link.maxPayload) this.#resolve(this.#maybeDelivered ?? outcome);
      else this.#attempt(timeout, headers, now);
    }, pause);
    const stops = scope.signals.map((signal) => onAbort(signal, cancel));
  }
}
