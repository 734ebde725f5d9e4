/** How many timeouts in a row open the circuit if there were none among the recent results. */
const fewest = 4;
/** How many it takes after a single one, and at most. */
const cautious = 8;
const most = 32;
/** How many results are recent. */
const recent = 128;
const firstPause = 50;
const longestPause = 1_000;

/**
 * Stops sending to an address when calls to it keep timing out, so that callers get an outcome at once instead of at
 * the deadline. Two questions decide: which timeouts nothing has answered since, and whether so many of them in a row
 * can be chance, given how many of the recent results were timeouts.
 *
 * CIRCUIT-1 Only timeouts count. `absent` does not count, because it costs nothing.
 * CIRCUIT-2 A timeout is in the row until a call that was sent *later* is answered, before or after the timeout. From
 *   then on, it is one of the recent results: the address works, and some of the calls to it time out.
 * CIRCUIT-3 It opens when the row has 4 timeouts if there is none among the recent results, 8 if there is one, and one
 *   more for each further one, but at most 32. So it stays closed while one of several instances hangs.
 * CIRCUIT-4 While the circuit is open, one trial call per pause is sent. Any answer closes it.
 * CIRCUIT-5 Timeouts of calls that were sent before the circuit closed do not count afterwards, neither in the row nor
 *   among the recent results: the next hang opens it as soon as the first one did.
 */
export class Circuit {
  /** Send times of the timeouts in the row. */
  #row: number[] = [];
  /** The number of timeouts among the recent results. Each loses weight with every further result. */
  #scattered = 0;
  /** Send time of the latest answered call. */
  #answered = Number.NEGATIVE_INFINITY;
  /** When the last call was sent that hung while the circuit was open, or opened it (CIRCUIT-5). */
  #hung = Number.NEGATIVE_INFINITY;
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
    this.#hung = now;
    this.#pauseFrom(now);
    return true;
  }

  /** A call that was sent at `sentAt` got an answer of any kind. */
  answered(sentAt: number): void {
    if (sentAt > this.#answered) this.#answered = sentAt;
    if (this.#scattered > 0) this.#result();
    if (this.#row.length > 0) this.#scatter(sentAt);
    if (this.#nextTrial !== undefined) this.#close();
  }

  /** A call that was sent at `sentAt` got no answer in its time. */
  timedOut(sentAt: number, now: number): void {
    if (this.open || sentAt <= this.#hung) return;
    this.#row.push(sentAt);
    if (sentAt < this.#answered) this.#scatter(this.#answered);
    else if (this.#row.length >= this.#enough) this.#open(now);
  }

  /** CIRCUIT-3 */
  get #enough(): number {
    return this.#scattered === 0 ? fewest : Math.min(most, cautious - 1 + Math.ceil(this.#scattered));
  }

  /** CIRCUIT-2 */
  #scatter(answered: number): void {
    const row = this.#row.filter((sentAt) => sentAt > answered);
    for (let i = row.length; i < this.#row.length; i++) this.#result(1);
    this.#row = row;
  }

  /** What came back: a timeout, or an answer. Once they weigh half of one, past timeouts are forgotten. */
  #result(timeout = 0): void {
    const left = this.#scattered * (1 - 1 / recent) + timeout;
    this.#scattered = left < 0.5 ? 0 : left;
  }

  #open(now: number): void {
    this.#row = [];
    this.#hung = now;
    this.#pauseFrom(now);
    this.#changed(true);
  }

  #close(): void {
    this.#nextTrial = undefined;
    this.#pause = firstPause;
    this.#changed(false);
  }

  #pauseFrom(now: number): void {
    this.#nextTrial = now + this.#pause;
    this.#pause = Math.min(longestPause, 2 * this.#pause);
  }
}
