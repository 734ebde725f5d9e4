/** Reply subjects remembered for one connection before those that are used up are swept out. */
const SWEEP_AT = 4096;

interface Allowance {
  readonly since: number;
  used: number;
}

/**
 * The replies that a connection may still send, under `allowResponses`.
 *
 * A1. A reply subject is allowed from the moment a message that names it was delivered to the connection.
 * A2. It is forgotten when it was used `max` times or `expires` has passed; the same subject in a later message starts anew.
 */
export class ReplyAllowance {
  readonly #max: number;
  readonly #expires: number;
  readonly #now: () => number;
  readonly #open = new Map<string, Allowance>();

  /** @param max negative for no bound. @param expires in ms, negative for no bound. */
  constructor(max: number, expires: number, now: () => number = () => performance.now()) {
    this.#max = max;
    this.#expires = expires;
    this.#now = now;
  }

  /** How many reply subjects are remembered. */
  get size(): number {
    return this.#open.size;
  }

  /** A message with this reply subject was delivered. */
  grant(reply: string): void {
    this.#open.set(reply, { since: this.#now(), used: 0 });
    if (this.#open.size > SWEEP_AT) this.#sweep();
  }

  /** Whether one more reply may be sent; it counts as sent. */
  use(reply: string): boolean {
    const allowance = this.#open.get(reply);
    if (allowance === undefined) return false;
    allowance.used++;
    if (!this.#over(allowance, allowance.used - 1)) return true;
    this.#open.delete(reply);
    return false;
  }

  #over(allowance: Allowance, used: number): boolean {
    if (this.#max > 0 && used >= this.#max) return true;
    return this.#expires > 0 && this.#now() - allowance.since > this.#expires;
  }

  #sweep(): void {
    for (const [reply, allowance] of this.#open) {
      if (this.#over(allowance, allowance.used)) this.#open.delete(reply);
    }
  }
}
