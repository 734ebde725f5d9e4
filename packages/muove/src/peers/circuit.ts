/** How many calls must time out, without any answer to a later call, before the circuit opens. */
const threshold = 4;
const firstPause = 250;
const longestPause = 1_000;

/**
 * Stops sending to an address when calls to it keep timing out, so that callers get an outcome at once instead of at
 * the deadline.
 *
 * CIRCUIT-1 Only timeouts count, and only of calls that had their full time. `absent` does not count, because it costs
 *   nothing.
 * CIRCUIT-2 A timeout does not count if a call that was sent *later* is answered, before or after the timeout. So if
 *   one of several instances hangs, the others' answers keep the circuit closed.
 * CIRCUIT-3 While the circuit is open, one trial call per pause is sent. Any answer closes it.
 */
export class Circuit {
  /** Send times of the calls that timed out and still count. */
  #timeouts: number[] = [];
  /** Send time of the latest answered call. */
  #answered = Number.NEGATIVE_INFINITY;
  #nextTrial: number | undefined;
  #pause = firstPause;
  readonly #changed: (open: boolean) => void;

  /** @param changed called whenever the circuit opens or closes. */
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

  /** A call that was sent at `sentAt` got an answer of any kind (CIRCUIT-2, CIRCUIT-3). */
  answered(sentAt: number): void {
    this.#answered = Math.max(this.#answered, sentAt);
    if (this.#timeouts.length > 0) this.#timeouts = this.#timeouts.filter((timedOut) => timedOut > sentAt);
    if (!this.open) return;
    this.#nextTrial = undefined;
    this.#pause = firstPause;
    this.#changed(false);
  }

  /** A call that was sent at `sentAt` had its full time and got no answer (CIRCUIT-1). */
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
