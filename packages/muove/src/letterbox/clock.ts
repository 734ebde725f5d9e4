import { wallClock } from "../base/timers.js";

/**
 * The clock of the NATS server, as far as its answers tell: what was stored is due by that clock, and ours may differ.
 */
export class StoreClock {
  /** How far it is ahead of ours, in ms; what is on the way makes it look earlier, never later. */
  #ahead: number | undefined;

  /** In ms since the epoch. */
  now(): number {
    return wallClock() + (this.#ahead ?? 0);
  }

  /** The server just said that it is `time`. */
  heard(time: number): void {
    if (Number.isFinite(time)) this.#ahead = time - wallClock();
  }
}
