import { BoundedMap } from "../bounds/bounded-map.js";

/** Reply subjects that are remembered for one connection, and bytes that they may take; twice of both at most. */
const rememberedBounds = { entries: 65_536, weight: 8_388_608 };

interface Allowance {
  readonly since: number;
  used: number;
}

/**
 * The replies that a connection may still send, under `allowResponses`.
 *
 * REPLY-ALLOWANCE-1 A reply subject is allowed from the moment a message that names it was delivered to the
 *   connection.
 * REPLY-ALLOWANCE-2 It is forgotten when it was used `max` times or `expires` has passed; the same subject in a later
 *   message starts anew.
 * REPLY-ALLOWANCE-3 What was never used is forgotten by the time that `expires` has passed twice, and the oldest
 *   earlier where there is too much: see `BoundedMap`, which also says that neither takes time.
 */
export class ReplyAllowance {
  readonly #max: number;
  readonly #expires: number;
  readonly #now: () => number;
  readonly #open = new BoundedMap<Allowance>(rememberedBounds);
  #agedAt: number;

  /** @param max negative for no bound. @param expires in ms, negative for no bound. */
  constructor(max: number, expires: number, now: () => number = () => performance.now()) {
    this.#max = max;
    this.#expires = expires;
    this.#now = now;
    this.#agedAt = now();
  }

  /** How many reply subjects are remembered. */
  get size(): number {
    return this.#open.size;
  }

  /** A message with this reply subject was delivered. */
  grant(reply: string): void {
    const since = this.#now();
    if (this.#expires > 0 && since - this.#agedAt > this.#expires) {
      this.#agedAt = since;
      this.#open.age();
    }
    this.#open.set(reply, { since, used: 0 });
  }

  /** Whether one more reply may be sent; it counts as sent. */
  use(reply: string): boolean {
    const allowance = this.#open.get(reply);
    if (allowance === undefined) return false;
    allowance.used++;
    const expired = this.#expires > 0 && this.#now() - allowance.since > this.#expires;
    if (expired || (this.#max > 0 && allowance.used >= this.#max)) this.#open.delete(reply);
    return !expired;
  }
}
