import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { Sendable } from "./prepared.js";
import { headersFor, Sending } from "./sending.js";
import type { CallTarget } from "./target.js";

/** What says that another instance is responsible by now. */
const moved: ReadonlySet<string> = new Set(["absent", "draining"]);

/**
 * A call by key on its way: finds out who is responsible, and sends it there; as often as that one turns out to be gone.
 *
 * J2 It resolves once, by its deadline; waiting to know who is responsible is part of its time.
 * J3 It is sent to another instance only when the one before has not got it, and will not.
 */
export class KeyedSending extends Expiring {
  readonly #call: Sendable;
  readonly #route: KeyRoute<CallTarget>;
  readonly #endsAt: number;
  readonly #resolve: (outcome: AnyOutcome) => void;
  #stopWaiting: readonly (() => void)[] = [];

  constructor(call: Sendable, route: KeyRoute<CallTarget>, now: number, resolve: (outcome: AnyOutcome) => void) {
    super();
    this.#call = call;
    this.#route = route;
    this.#endsAt = now + call.timeout;
    this.#resolve = resolve;
  }

  get expiresAt(): number {
    return this.#endsAt;
  }

  start(): void {
    const { core, target, scope, timeout } = this.#call;
    core.counts.calls++;
    core.retryBudget.earn();
    if (timeout === 0) this.#end(ending.expired(target.address));
    else if (scope.aborted) this.#end(ending.cancelled(target.address, "no"));
    else this.#send();
  }

  /** Nobody said in time who is there, so nothing was sent. */
  expire(): void {
    this.#rest();
    this.#end(ending.expired(this.#call.target.address));
  }

  #send(): void {
    const { core, target } = this.#call;
    if (!core.link.up) return this.#end(ending.unreachable(target.address, "no"));
    if (this.#route.forbidden) return this.#end(ending.forbidden(target.address));
    if (!this.#route.known) return this.#wait();
    const owner = this.#route.next();
    if (owner === undefined) return this.#end(ending.absent(target.address));
    this.#sendTo(owner);
  }

  #sendTo(owner: CallTarget): void {
    const { core, scope, payload, retries, trace, id } = this.#call;
    const now = performance.now();
    const timeout = Math.max(1, this.#endsAt - now);
    const call: Sendable = { core, target: owner, scope, payload, retries, trace, id, timeout };
    const sending = new Sending(call, now, (outcome) => this.#answered(outcome));
    sending.send(headersFor(call, timeout, now), now);
  }

  #answered(outcome: AnyOutcome): void {
    const { core } = this.#call;
    const elsewhere = outcome.status === "unavailable" && outcome.delivered === "no" && moved.has(outcome.reason);
    if (!elsewhere) return this.#end(outcome);
    this.#route.refused(outcome.reason === "absent" ? "absent" : "draining");
    if (performance.now() >= this.#endsAt || core.link.closed) return this.#end(outcome);
    core.counts.retries++;
    this.#send();
  }

  #wait(): void {
    const { core, target, scope } = this.#call;
    const deadline: Deadline = core.deadlines.add(Math.ceil(this.#call.timeout), this);
    const cancel = (): void => {
      this.#rest();
      this.#end(ending.cancelled(target.address, "no"));
    };
    const known = (): void => {
      this.#rest();
      this.#send();
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
    this.#call.target.peer.ended(outcome, { sentAt: Number.NEGATIVE_INFINITY, hadItsTime: false });
    this.#resolve(outcome);
  }
}
