import { Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { KeyRoute } from "../presence/key-route.js";
import { Dispatch } from "./dispatch.js";
import { preflight } from "./preflight.js";
import type { Request } from "./request.js";
import type { CallTarget } from "./target.js";

/** What says that another instance is responsible by now. */
const moved: ReadonlySet<string> = new Set(["absent", "draining"]);

/**
 * A request on its way to whoever is responsible for a key: it finds out who that is, and dispatches it there; again, as often as that
 * one turns out to be gone.
 *
 * J2 It resolves once, by its deadline; waiting to know who is responsible is part of its time.
 * J3 It is sent to another instance only when the one before has not got it, and will not.
 */
export class KeyedDispatch extends Expiring {
  readonly #request: Request;
  readonly #route: KeyRoute<CallTarget>;
  readonly #resolve: (outcome: AnyOutcome) => void;
  #stopWaiting: readonly (() => void)[] = [];

  constructor(request: Request, route: KeyRoute<CallTarget>, resolve: (outcome: AnyOutcome) => void) {
    super();
    this.#request = request;
    this.#route = route;
    this.#resolve = resolve;
  }

  get expiresAt(): number {
    return this.#request.endsAt;
  }

  /** @param timeout what is left for it, in ms. */
  send(timeout: number, now: number): void {
    const refusal = preflight(this.#request, this.#request.target, timeout);
    if (refusal !== undefined) return this.#end(refusal);
    if (this.#route.forbidden) return this.#end(ending.forbidden(this.#request.target.address));
    if (!this.#route.known) return this.#wait(timeout);
    const owner = this.#route.next();
    if (owner === undefined) return this.#end(ending.absent(this.#request.target.address));
    new Dispatch(this.#request, owner, (outcome) => this.#answered(outcome)).send(timeout, now);
  }

  /** Nobody said in time who is there, so nothing was sent. */
  expire(): void {
    this.#rest();
    this.#end(ending.expired(this.#request.target.address));
  }

  #answered(outcome: AnyOutcome): void {
    const { env, endsAt } = this.#request;
    const elsewhere = outcome.status === "unavailable" && outcome.delivered === "no" && moved.has(outcome.reason);
    if (!elsewhere) return this.#end(outcome);
    this.#route.refused(outcome.reason === "absent" ? "absent" : "draining");
    if (performance.now() >= endsAt || env.link.closed) return this.#end(outcome);
    env.counts.retries++;
    this.#sendAgain();
  }

  #sendAgain(): void {
    const now = performance.now();
    this.send(Math.max(1, this.#request.endsAt - now), now);
  }

  #wait(timeout: number): void {
    const { env, target, scope } = this.#request;
    const deadline = env.deadlines.add(Math.ceil(timeout), this);
    const cancel = (): void => {
      this.#rest();
      this.#end(ending.cancelled(target.address, "no"));
    };
    const known = (): void => {
      this.#rest();
      this.#sendAgain();
    };
    this.#stopWaiting = [
      () => deadline.delete(this),
      ...scope.signals.map((signal) => onAbort(signal, cancel)),
      this.#route.whenKnown(known),
    ];
  }

  #rest(): void {
    for (const stop of this.#stopWaiting) stop();
    this.#stopWaiting = [];
  }

  /** Circuits are the owners'; whether anybody is missing is the mailbox's. */
  #end(outcome: AnyOutcome): void {
    this.#request.target.peer.ended(outcome, { sentAt: Number.NEGATIVE_INFINITY, hadItsTime: false });
    this.#resolve(outcome);
  }
}
