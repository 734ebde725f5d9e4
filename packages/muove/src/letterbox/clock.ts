import { performance, wallClock } from "../base/timers.js";

/**
 * The clock of the NATS server, as far as it tells: what was stored is due by that clock, and ours may differ.
 *
 * CLOCK-1 Once the server was heard, our wall clock does not matter, nor that somebody sets it.
 * CLOCK-2 It may be late by what was on the way, and is never later than the last letter that was stored.
 */
export class StoreClock {
  /** The server's time when `performance.now()` was 0. */
  #origin: number | undefined;

  /** In ms since the epoch. */
  now(): number {
    return this.#origin === undefined ? wallClock() : this.#origin + performance.now();
  }

  /** The server just said that it is `time`. */
  heard(time: number): void {
    if (Number.isFinite(time)) this.#origin = time - performance.now();
  }

  /** The server stored something at that time. */
  stored(time: number): void {
    if (time > this.now()) this.heard(time);
  }
}
