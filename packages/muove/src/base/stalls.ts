import { performance, setTimeout } from "./timers.js";

/** How often the timer of {@link Stalls} fires, in ms. */
const interval = 20;
/** A timer that is no later than this, in ms, shows nothing. */
const usual = 10;
const kept = 64;

interface Stall {
  readonly endedAt: number;
  readonly duration: number;
}

/**
 * When the event loop of this process was blocked lately. Whoever waited meanwhile may have waited for this process
 * alone: even a request can leave only when the loop turns again.
 *
 * STALLS-1 A timer fires every 20 ms while it is needed, so a stall that is longer than 30 ms is seen. Soon after, there
 *   is no timer. It does not keep the process alive.
 * STALLS-2 The last 64 stalls are kept.
 */
export class Stalls {
  readonly #needed: () => boolean;
  readonly #recent: Stall[] = [];
  #watching = false;
  #due = 0;

  /** @param needed whether anything waits. */
  constructor(needed: () => boolean) {
    this.#needed = needed;
  }

  /** Something begins to wait. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#arm();
  }

  /** Whether stalls took at least half of the time of whoever has waited since `from` for `timeout` ms. */
  tookHalf(from: number, timeout: number): boolean {
    let sum = 0;
    for (const { endedAt, duration } of this.#recent) sum += Math.max(0, Math.min(duration, endedAt - from));
    return 2 * sum >= timeout;
  }

  #arm(): void {
    this.#due = performance.now() + interval;
    setTimeout(this.#fired, interval).unref();
  }

  readonly #fired = (): void => {
    const endedAt = performance.now();
    const duration = endedAt - this.#due;
    if (duration > usual) this.#recent.push({ endedAt, duration });
    if (this.#recent.length > kept) this.#recent.shift();
    this.#watching = this.#needed();
    if (this.#watching) this.#arm();
  };
}
