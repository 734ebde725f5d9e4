import { performance } from "../base/timers.js";

/** How long the pace is measured, in ms, and after how long without a letter it is none. */
const window = 50;
const stale = 200;

/** How many letters are handled in a time, going by the last few. */
export class Pace {
  #count = 0;
  #since = performance.now();
  /** Letters per ms. */
  #rate = 0;

  /** A letter was handled. */
  done(now: number): void {
    this.#count++;
    const time = now - this.#since;
    if (time < window) return;
    this.#rate = this.#count / time;
    this.#count = 0;
    this.#since = now;
  }

  /** How many may be handled within `ms`; 0 if none was lately. */
  within(ms: number): number {
    if (this.#rate === 0) return 0;
    if (performance.now() - this.#since > stale) this.#rate = 0;
    return Math.floor(this.#rate * ms);
  }
}
