/** How many calls must time out, with no sign of life after them, before the circuit opens. */
const threshold = 4;
const firstPause = 250;
const longestPause = 1_000;

/**
 * Stops sending to an address that only times out, so that callers get their answer at once instead of at the deadline.
 *
 * CIRCUIT-1 Only timeouts count, and only of calls that had their full time; being absent is no reason, since it costs
 *   nothing.
 * CIRCUIT-2 A timeout does not count when a call that was sent *after* it is answered, before or after the time is
 *   over: when one of several instances hangs, the others answer meanwhile, and the address stays open to all.
 * CIRCUIT-3 While it is open, one call per pause is let through to try; whatever answers closes it.
 */
export class Circuit {
  /** When the calls were sent that timed out and are not forgotten. */
  #timeouts: number[] = [];
  /** When the latest call was sent that was answered. */
  #answered = Number.NEGATIVE_INFINITY;
  #nextTrial: number | undefined;
  #pause = firstPause;
  readonly #changed: (open: boolean) => void;

  /** @param changed is told whenever it opens or closes. */
  constructor(changed: (open: boolean) => void) {
    this.#changed = changed;
  }

  get open(): boolean {
    return this.#nextTrial !== undefined;
  }

  /** Whether a call may be sent now. */
  admits(now: number): boolean {
    if (this.#nextTrial === undefined) return true;
    if (now < this.#nextTrial) return false;
    this.#nextTrial = now + this.#pause;
    return true;
  }

  /** A call that was sent then was answered, by whatever answer (CIRCUIT-2, CIRCUIT-3). */
  answered(sentAt: number): void {
    this.#answered = Math.max(this.#answered, sentAt);
    if (this.#timeouts.length > 0) this.#timeouts = this.#timeouts.filter((timedOut) => timedOut > sentAt);
    if (!this.open) return;
    this.#nextTrial = undefined;
    this.#pause = firstPause;
    this.#changed(false);
  }

  /** A call that was sent then had its full time and was not answered (CIRCUIT-1). */
  timedOut(sentAt: number, now: number): void {
    if (this.open) {
      this.#pause = Math.min(longestPause, this.#pause * 2);
      return;
    }
    if (sentAt < this.#answered) return;
    this.#timeouts.push(sentAt);
    if (this.#timeouts.length < threshold) return;
    this.#nextTrial = now + this.#pause;
    this.#changed(true);
  }
}
