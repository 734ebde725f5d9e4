import type { Pulse } from "./pulse.js";

/** Nobody needs to be heard more often, whoever asks for it, in ms. */
const shortest = 100;
/** And so often everybody can be, in ms. */
const rarest = 60_000;
/** Nobody is listened to for longer without asking again, in ms. */
const longest = 1_800_000;

/**
 * What monitors have asked of an instance: how often to be heard, and until when.
 *
 * LEASES-1 The shortest interval counts whose lease has not run out.
 * LEASES-2 Whatever is asked for, an interval is one of ten, each twice the one before: 100 ms, 200 ms and so on. It is
 *   as long as what was asked for, or shorter. So none has a need of others' patience, and nobody takes the place of
 *   anybody's.
 */
export class Leases {
  readonly #until = new Map<number, number>();

  /** Takes any numbers. */
  take({ interval, lease }: Pulse, now: number): void {
    this.#forget(now);
    const every = step(interval);
    const until = now + clamp(lease, every, longest);
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

/** The greatest of the intervals that is no longer than that. */
function step(interval: number): number {
  const most = clamp(interval, shortest, rarest);
  let every = shortest;
  while (every * 2 <= most) every *= 2;
  return every;
}

/** What is no number counts as the least. */
const clamp = (value: number, least: number, most: number): number => (value > least ? Math.min(value, most) : least);
