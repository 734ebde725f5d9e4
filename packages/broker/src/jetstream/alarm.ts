import { clearTimeout, performance, setTimeout } from "../timers.js";
import { timerDelay } from "./units.js";

/**
 * A timer that can be set anew.
 *
 * ALARM-1 After `stop()` it does not ring until it is set again.
 */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings after that many ms, whatever it was set to before. */
  set(delay: number): void {
    clearTimeout(this.#timer);
    this.#due = performance.now() + delay;
    this.#timer = setTimeout(this.#ringing, timerDelay(delay));
  }

  /** Rings after that many ms, or earlier if it was set so. */
  setEarlier(delay: number): void {
    if (this.#timer === undefined || performance.now() + delay < this.#due) this.set(delay);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #ringing = (): void => {
    this.#timer = undefined;
    this.#ring();
  };
}
