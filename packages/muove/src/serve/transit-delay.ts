// docs/protocol.md, clause H-4.

/**
 * How long a least difference is believed, in ms. Clocks drift apart slowly, but a sender's clock may also stand still
 * while its machine sleeps: then its messages look late for two windows at the most.
 */
const window = 10_000;
/** Nobody waits for so long on the way, in ms: what says so is another clock. */
const absurd = 300_000;
const mostSenders = 16_384;

interface Least {
  /** The least difference of this window and of the one before. */
  current: number;
  previous: number;
  since: number;
  heardAt: number;
}

/**
 * How long messages have waited on the way: in the server, in a socket, in a process that was stopped. Each says what its
 * sender's own monotonic clock was; the least difference to ours that a sender has shown is taken for the plain way, and
 * what exceeds it for waiting. Clocks may differ by any constant. (The same idea measures queues in LEDBAT, RFC 6817.)
 *
 * T1 A sender's first message counts as not having waited.
 * T2 Holds a bounded number of senders: the one that was heard least recently goes first.
 * T3 Whoever only knows a sender's name moves nothing: its clock has an origin that nobody can guess, and another clock under its
 *    name is not believed while its own is heard.
 */
export class TransitDelay {
  readonly #senders = new Map<string, Least>();

  /** How long a message has waited on the way, in ms. `clock` is the sender's, `now` is ours. */
  waited(from: string, clock: number, now: number): number {
    const difference = now - clock;
    const known = this.#senders.get(from);
    if (known === undefined || now - known.heardAt > 3 * window) return this.#meet(from, difference, now);
    if (Math.abs(difference - known.current) > absurd) return 0; // T3
    known.heardAt = now;
    if (now - known.since > window) turn(known, difference, now);
    known.current = Math.min(known.current, difference);
    return difference - Math.min(known.current, known.previous);
  }

  #meet(from: string, difference: number, now: number): number {
    this.#senders.delete(from);
    if (this.#senders.size >= mostSenders) this.#forgetFirst();
    this.#senders.set(from, { current: difference, previous: difference, since: now, heardAt: now });
    return 0;
  }

  /** Of the first few that were met, whoever was heard least recently: near enough, and quick. */
  #forgetFirst(): void {
    let least: readonly [string, Least] | undefined;
    let looked = 0;
    for (const entry of this.#senders) {
      if (least === undefined || entry[1].heardAt < least[1].heardAt) least = entry;
      if (++looked === 8) break;
    }
    if (least !== undefined) this.#senders.delete(least[0]);
  }
}

function turn(least: Least, difference: number, now: number): void {
  least.previous = least.current;
  least.current = difference;
  least.since = now;
}
