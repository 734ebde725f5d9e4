import { BoundedMap } from "../bounds/bounded-map.js";
import { performance } from "../timers.js";

/** Bounds per connection and generation: reply subjects, and their bytes. */
const rememberedBounds = { entries: 65_536, weight: 8_388_608 };

interface Allowance {
  readonly since: number;
  used: number;
}

/**
 * The replies that `allowResponses` still allows a connection.
 *
 * REPLY-ALLOWANCE-1 A reply subject is allowed once a message with it was delivered to the connection.
 * REPLY-ALLOWANCE-2 The allowance ends after `max` uses or after `expires`. The same subject in a later message starts
 *   a new one.
 * REPLY-ALLOWANCE-3 An unused allowance is dropped after at most twice `expires`, and the oldest earlier if there are
 *   too many. Both are cheap; see `BoundedMap`.
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

  /** The number of reply subjects. */
  get size(): number {
    return this.#open.size;
  }

  /** Records that a message with this reply subject was delivered. */
  grant(reply: string): void {
    const since = this.#now();
    if (this.#expires > 0 && since - this.#agedAt > this.#expires) {
      this.#agedAt = since;
      this.#open.age();
    }
    this.#open.set(reply, { since, used: 0 });
  }

  /** Whether one more reply may be sent. Counts it as sent. */
  use(reply: string): boolean {
    const allowance = this.#open.get(reply);
    if (allowance === undefined) return false;
    allowance.used++;
    const expired = this.#expires > 0 && this.#now() - allowance.since > this.#expires;
    if (expired || (this.#max > 0 && allowance.used >= this.#max)) this.#open.delete(reply);
    return !expired;
  }
}
