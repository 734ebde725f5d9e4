import { ClockJump } from "./clock-jump.js";

// docs/protocol.md, clause H-4.

/** How long a minimum is used, in ms: clocks drift slowly. */
const window = 10_000;
/** No message is in transit for this long, in ms: a larger jump means another clock. */
const maxJump = 300_000;
/** How far one message can lower the minimum, in ms: a sender's transit time does not improve by more at once. */
const maxStep = 100;
const maxSenders = 16_384;

interface Minimum {
  /** The smallest difference in this window, and in the one before. */
  current: number;
  previous: number;
  since: number;
  heardAt: number;
  readonly jump: ClockJump;
}

/**
 * Estimates how long messages were delayed in transit: in the server, in a socket, in a suspended process. Each message
 * carries its sender's monotonic clock. The smallest difference to our clock counts as the normal transit time, and
 * anything above it as delay. Clocks may differ by any constant. (LEDBAT, RFC 6817, measures queues in the same way.)
 *
 * TRANSIT-DELAY-1 A sender's first message counts as not delayed.
 * TRANSIT-DELAY-2 The number of senders is bounded: the least recently heard one is dropped first.
 * TRANSIT-DELAY-3 Knowing a sender's name is not enough to affect its estimate: its clock has a secret origin, and
 *   another clock under its name is ignored while its own is heard.
 * TRANSIT-DELAY-4 No single message lowers the minimum by more than 100 ms, even if its sender has seen the clock.
 * TRANSIT-DELAY-5 After a jump of either clock, messages look late for half a second, or two of them do if that takes
 *   longer.
 */
export class TransitDelay {
  readonly #senders = new Map<string, Minimum>();

  /** How long a message was delayed in transit, in ms. `clock` is the sender's, `now` is ours. */
  waited(from: string, clock: number, now: number): number {
    const difference = now - clock;
    const known = this.#senders.get(from);
    if (known === undefined || now - known.heardAt > 3 * window) return this.#add(from, difference, now);
    if (Math.abs(difference - known.current) > maxJump) return 0; // TRANSIT-DELAY-3
    known.heardAt = now;
    if (now - known.since > window) startWindow(known, difference, now);
    const lowest = Math.min(known.current, known.previous) - maxStep; // TRANSIT-DELAY-4
    known.current = Math.min(known.current, Math.max(difference, lowest));
    const least = Math.min(known.current, known.previous);
    if (known.jump.found(difference, least, now)) return this.#add(from, difference, now);
    return Math.max(0, difference - least);
  }

  #add(from: string, difference: number, now: number): number {
    this.#senders.delete(from);
    if (this.#senders.size >= maxSenders) this.#dropOldest();
    this.#senders.set(from, {
      current: difference,
      previous: difference,
      since: now,
      heardAt: now,
      jump: new ClockJump(difference),
    });
    return 0;
  }

  /** Drops the least recently heard of the first few senders: a cheap approximation of LRU. */
  #dropOldest(): void {
    let oldest: readonly [string, Minimum] | undefined;
    let looked = 0;
    for (const entry of this.#senders) {
      if (oldest === undefined || entry[1].heardAt < oldest[1].heardAt) oldest = entry;
      if (++looked === 8) break;
    }
    if (oldest !== undefined) this.#senders.delete(oldest[0]);
  }
}

function startWindow(minimum: Minimum, difference: number, now: number): void {
  minimum.previous = minimum.current;
  minimum.current = Math.max(difference, minimum.previous - maxStep);
  minimum.since = now;
}
