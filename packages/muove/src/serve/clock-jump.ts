// docs/protocol.md, clause H-4.

/** How much the differences of messages on time vary, in ms. */
const jitter = 25;
/** For how long, in ms, and in how many messages, differences must stay where they rose to. */
const steadyFor = 500;
const steadyMessages = 3;

/**
 * Tells a jump of a sender's clock, or of ours, from messages that are late. A clock stands still while its machine is
 * suspended or moved; from then on all differences between the two clocks are larger, by the length of the pause. A
 * queue also makes them larger, but they fall while it drains, and rise step by step while it grows.
 *
 * CLOCK-JUMP-1 A jump is a rise that came at once, from one message to the next, and to a level at which three messages
 *   stayed for at least half a second, while none came from below. Messages that are later still do not count.
 * CLOCK-JUMP-2 Where messages fall below such a level, it is sought anew there.
 * CLOCK-JUMP-3 A level at which more than three messages stayed may be the first of two jumps: where all messages rose
 *   above it, it is sought anew there.
 */
export class ClockJump {
  /** The difference of the last message. */
  #last: number;
  /** The level to which differences rose; `NaN` if they did not. */
  #level = Number.NaN;
  #begunAt = 0;
  #stayedAt = 0;
  #messages = 0;

  constructor(difference: number) {
    this.#last = difference;
  }

  /**
   * Whether a clock has jumped, so that this difference is the normal one from now on.
   *
   * @param least the least difference until now.
   */
  found(difference: number, least: number, now: number): boolean {
    const rise = difference - this.#last;
    this.#last = difference;
    if (difference <= least + jitter) this.#level = Number.NaN;
    else if (Math.abs(difference - this.#level) <= jitter) return this.#stays(now);
    else if (difference < this.#level) this.#begin(difference, now);
    else if (Number.isNaN(this.#level) || now - this.#stayedAt >= steadyFor) this.#rises(difference, rise, least, now);
    return false;
  }

  #rises(difference: number, rise: number, least: number, now: number): void {
    const further = !Number.isNaN(this.#level) && this.#messages > steadyMessages; // CLOCK-JUMP-3
    const atOnce = rise >= (difference - least) / 2;
    if (further || atOnce) this.#begin(difference, now);
    else this.#level = Number.NaN;
  }

  #begin(level: number, now: number): void {
    this.#level = level;
    this.#begunAt = now;
    this.#stayedAt = now;
    this.#messages = 1;
  }

  #stays(now: number): boolean {
    this.#stayedAt = now;
    if (++this.#messages < steadyMessages || now - this.#begunAt < steadyFor) return false;
    this.#level = Number.NaN;
    return true;
  }
}
