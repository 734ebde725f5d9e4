import type { Pulse } from "./pulse.js";

/** The shortest interval, in ms, whatever is asked for. */
const shortest = 100;
/** The longest interval, in ms, whatever is asked for. */
const rarest = 60_000;
/** The longest lease, in ms, whatever is asked for. */
const longest = 1_800_000;

/**
 * The beats that monitors have asked an instance for: how often, and until when.
 *
 * LEASES-1 The shortest interval with a valid lease applies.
 * LEASES-2 An interval is one of ten steps, each twice the one before: 100 ms, 200 ms and so on. It is the longest step
 *   that is not longer than requested. So memory is bounded, and no request displaces another one.
 */
export class Leases {
  readonly #until = new Map<number, number>();

  /** Accepts any numbers. */
  take({ interval, lease }: Pulse, now: number): void {
    this.#forget(now);
    const every = step(interval);
    const until = now + clamp(lease, every, longest);
    this.#until.set(every, Math.max(until, this.#until.get(every) ?? 0));
  }

  /** The interval of beats in ms, or undefined if nobody monitors. */
  interval(now: number): number | undefined {
    this.#forget(now);
    return this.#until.size === 0 ? undefined : Math.min(...this.#until.keys());
  }

  #forget(now: number): void {
    for (const [every, until] of this.#until) if (until <= now) this.#until.delete(every);
  }
}

/** The longest step that is not longer than `interval`. */
function step(interval: number): number {
  const most = clamp(interval, shortest, rarest);
  let every = shortest;
  while (every * 2 <= most) every *= 2;
  return every;
}

/** NaN counts as the minimum. */
const clamp = (value: number, least: number, most: number): number => (value > least ? Math.min(value, most) : least);
