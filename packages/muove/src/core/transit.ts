// docs/protocol.md, clause H-4.

/**
 * How long a least difference is believed, in ms. Clocks drift apart slowly, but a sender's clock may also stand still
 * while its machine sleeps: then its messages look late for two windows at the most.
 */
const window = 10_000;
/** Nobody waits for so long on the way, in ms: the sender's clock is another one, or what it says of it was made up. */
const absurd = 300_000;
const mostSenders = 16_384;

interface Least {
  /** The least difference of this window and of the one before. */
  current: number;
  previous: number;
  since: number;
}

/**
 * How long messages have waited on the way: in the server, in a socket, in a process that was stopped. Each says what its
 * sender's own monotonic clock was; the least difference to ours that a sender has shown is taken for the plain way, and
 * what exceeds it for waiting. Clocks may differ by any constant. (The same idea measures queues in LEDBAT, RFC 6817.)
 *
 * T1 A sender's first message counts as not having waited.
 * T2 Holds a bounded number of senders.
 */
export class Transit {
  readonly #senders = new Map<string, Least>();

  /** How long a message has waited on the way, in ms. `clock` is the sender's, `now` is ours. */
  waited(from: string, clock: number, now: number): number {
    const difference = now - clock;
    const known = this.#senders.get(from);
    const least = known && now - known.since < 3 * window ? known : this.#meet(from, difference, now);
    if (now - least.since > window) turn(least, difference, now);
    least.current = Math.min(least.current, difference);
    const waited = difference - Math.min(least.current, least.previous);
    if (waited < absurd) return waited;
    this.#meet(from, difference, now);
    return 0;
  }

  #meet(from: string, difference: number, now: number): Least {
    if (this.#senders.size >= mostSenders) this.#senders.clear();
    const least = { current: difference, previous: difference, since: now };
    this.#senders.set(from, least);
    return least;
  }
}

function turn(least: Least, difference: number, now: number): void {
  least.previous = least.current;
  least.current = difference;
  least.since = now;
}
