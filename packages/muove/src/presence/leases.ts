import type { Pulse } from "./pulse.js";

/** Nobody needs to be heard more often, whoever asks for it, in ms. */
const shortest = 100;
/** Nobody is listened to for longer without asking again, in ms. */
const longest = 1_800_000;
/** Monitors of one mailbox count the same instances, so they ask for the same intervals, but for a moment. */
const mostIntervals = 16;

/**
 * What monitors have asked of an instance: how often to be heard, and until when.
 *
 * Y1 The shortest interval counts whose lease has not run out.
 * Y2 Holds a bounded number of intervals; who asks in vain finds out by silence, and asks itself.
 */
export class Leases {
  readonly #until = new Map<number, number>();

  take({ interval, lease }: Pulse, now: number): void {
    this.#forget(now);
    const every = Math.max(shortest, interval);
    if (!this.#until.has(every) && this.#until.size >= mostIntervals) return;
    const until = now + Math.min(longest, lease);
    this.#until.set(every, Math.max(until, this.#until.get(every) ?? 0));
  }

  /** How often to be heard, in ms; nothing when nobody listens. */
  interval(now: number): number | undefined {
    this.#forget(now);
    return this.#until.size === 0 ? undefined : Math.min(...this.#until.keys());
  }

  #forget(now: number): void {
    for (const [every, until] of this.#until) if (until <= now) this.#until.delete(every);
  }
}
