import { Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { performance } from "../base/timers.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { KeyRoute } from "../presence/key-route.js";
import { Dispatch } from "./dispatch.js";
import { preflight } from "./preflight.js";
import type { DispatchOwner, Request } from "./request.js";
import type { CallTarget } from "./target.js";

/** Reasons that mean that another instance is responsible by now. */
const movedReasons: ReadonlySet<string> = new Set(["absent", "draining"]);

/**
 * Sends a request to the instance that is responsible for a key: looks it up, dispatches there, and moves on to the
 * next instance if that one is gone.
 *
 * KEYED-DISPATCH-1 It ends once, by its deadline; the lookup counts towards its time.
 * KEYED-DISPATCH-2 It is sent to another instance only if the one before has not received it, and never will.
 */
export class KeyedDispatch extends Expiring implements DispatchOwner {
  readonly #request: Request;
  readonly #route: KeyRoute<CallTarget>;
  #stops: readonly (() => void)[] = [];

  constructor(request: Request, route: KeyRoute<CallTarget>) {
    super();
    this.#request = request;
    this.#route = route;
  }

  get expiresAt(): number {
    return this.#request.endsAt;
  }

  /** @param timeout the time left, in ms. */
  send(timeout: number, now: number): void {
    const refusal = preflight(this.#request, this.#request.target, timeout);
    if (refusal !== undefined) return this.#end(refusal);
    if (this.#route.forbidden) return this.#end(ending.forbidden(this.#request.target.address));
    if (!this.#route.known) return this.#wait(timeout);
    const target = this.#route.next();
    if (target === undefined) return this.#end(ending.absent(this.#request.target.address));
    new Dispatch(this.#request, target, this).send(timeout, now);
  }

  /** The lookup took too long, so nothing was sent. */
  expire(): void {
    this.#stopWaiting();
    this.#end(ending.expired(this.#request.target.address));
  }

  ended(outcome: AnyOutcome): void {
    const { env, endsAt } = this.#request;
    const moved = outcome.status === "unavailable" && outcome.delivered === "no" && movedReasons.has(outcome.reason);
    if (!moved) return this.#end(outcome);
    this.#route.refused(outcome.reason === "absent" ? "absent" : "draining");
    if (performance.now() >= endsAt || env.transport.link.closed) return this.#end(outcome);
    env.reports.retried();
    this.#sendAgain();
  }

  #sendAgain(): void {
    const now = performance.now();
    this.send(Math.max(1, this.#request.endsAt - now), now);
  }

  #wait(timeout: number): void {
    const { env, target, scope } = this.#request;
    const deadline = env.transport.deadlines.add(Math.ceil(timeout), this);
    const cancel = (): void => {
      this.#stopWaiting();
      this.#end(ending.cancelled(target.address, "no"));
    };
    const known = (): void => {
      this.#stopWaiting();
      this.#sendAgain();
    };
    this.#stops = [
      () => deadline.delete(this),
      ...scope.signals.map((signal) => onAbort(signal, cancel)),
      this.#route.whenKnown(known),
    ];
  }

  #stopWaiting(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  /** The instance's peer has the circuits; this one only records whether anybody is missing. */
  #end(outcome: AnyOutcome): void {
    this.#request.target.peer.note(outcome);
    this.#request.ended(outcome);
  }
}
