import { clearTimeout, setTimeout } from "../base/timers.js";

interface Pinged {
  /** Sends a PING, and calls back at its PONG. */
  ping(answered: () => void): void;
  /** Too many PINGs are unanswered. */
  stale(): void;
}

/**
 * Pings the server, so that a silent connection is noticed. (The client has one of its own, but it takes its timers from
 * the global object, where a test may have faked them, and then does not notice anything ever again.)
 *
 * SERVER-PINGS-1 The connection is stale when a PING is due and `maxOut` are unanswered. One PONG answers all.
 * SERVER-PINGS-2 After `stop()` there is no timer.
 */
export class ServerPings {
  readonly #interval: number;
  readonly #maxOut: number;
  readonly #target: Pinged;
  #timer: NodeJS.Timeout;
  #out = 0;

  /** @param interval in ms. */
  constructor(interval: number, maxOut: number, target: Pinged) {
    this.#interval = interval;
    this.#maxOut = maxOut;
    this.#target = target;
    this.#timer = setTimeout(this.#due, interval);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  readonly #due = (): void => {
    if (this.#out === this.#maxOut) return this.#target.stale();
    this.#out++;
    this.#timer = setTimeout(this.#due, this.#interval);
    this.#target.ping(() => {
      this.#out = 0;
    });
  };
}
