import { Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { performance } from "../base/timers.js";
import type { Request } from "./request.js";

/**
 * Holds a call while its bus dials for the first time: nobody knows yet whether a server is there. Then it goes on as if
 * it had been made now, with the time that is left: out, or `unreachable`.
 *
 * FIRST-DIAL-1 It goes on once: when a server was found or none was, at its deadline, when a signal aborts, or when the
 *   bus closes. Calls that wait for the same end go on in the order in which they were made.
 */
export class FirstDial extends Expiring {
  readonly expiresAt: number;
  readonly #goOn: (timeout: number, now: number) => void;
  readonly #stops: readonly (() => void)[];

  /** @param goOn gets the time left, in ms, which is never 0: the call had some when it was made. */
  constructor({ env, scope, timeout, endsAt }: Request, goOn: (timeout: number, now: number) => void) {
    super();
    this.expiresAt = endsAt;
    this.#goOn = goOn;
    const { link, deadlines } = env.transport;
    const end = (): void => this.expire();
    const deadline = deadlines.add(Math.ceil(timeout), this);
    this.#stops = [
      () => deadline.delete(this),
      link.whenStarted(end),
      ...scope.signals.map((signal) => onAbort(signal, end)),
    ];
  }

  expire(): void {
    for (const stop of this.#stops) stop();
    const now = performance.now();
    this.#goOn(Math.max(1, this.expiresAt - now), now);
  }
}
