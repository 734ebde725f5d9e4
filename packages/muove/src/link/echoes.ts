import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import type { NatsMessage } from "./nats-message.js";
import type { Origin } from "./publication.js";
import type { Subscriber } from "./subscription.js";

/**
 * How far apart servers may be: in this many ms, a message or the news of a subscription gets from any of them to any
 * other. Across an ocean that takes 150 ms, or half a second if a packet is lost.
 */
export const reach = 1_000;

/**
 * How long messages are remembered after a move, in ms. By default, a server cuts a route that stands still for as long
 * (`write_deadline`), and so loses what waits in it.
 */
const memory = 10_000;

/**
 * How many messages are remembered per subscription. Beyond that the oldest are forgotten: at 65,536 messages a second,
 * what came more than a second before.
 */
const maxHeard = 65_536;

/**
 * While the link moves, a subscription without a queue group is on both connections and gets each message from both.
 * The reply subject identifies the second copy: no two messages of a sender share one (docs/protocol.md, I-1, E-2).
 *
 * The copies come by servers at different distances. So the second one may come long after the old connection is gone.
 * And the first one may have come before the new connection was subscribed: the new server also gets messages for its
 * other clients, and delivers those that were still on their way to it.
 *
 * ECHOES-1 Messages are remembered only during a move and for `memory` ms after it, and only a bounded number. At any
 *   other time they cost one comparison.
 * ECHOES-2 Every copy is told that comes within `memory` ms after the end of a move, if the new connection was
 *   subscribed no sooner than `wait` ms after its start, and servers are within `reach` of each other.
 * ECHOES-3 What comes again by a connection that has delivered it already is another message: its sender uses its
 *   reply subject again.
 */
export class Echoes {
  /** The connections that have delivered a message, by its reply subject. */
  #heard: Map<Subscriber, Map<string, Origin[]>> | undefined;
  readonly #memory: number;
  readonly #maxHeard: number;
  #moves = 0;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: { readonly memory?: number; readonly maxHeard?: number } = {}) {
    this.#memory = limits.memory ?? memory;
    this.#maxHeard = limits.maxHeard ?? maxHeard;
  }

  /** ms until messages have been remembered for long enough (ECHOES-2). */
  get wait(): number {
    return Math.max(0, this.#since + reach - performance.now());
  }

  /** Starts a move, beside any other in progress. */
  begin(): void {
    if (this.#moves++ > 0) return;
    clearTimeout(this.#timer);
    this.#heard ??= new Map();
    this.#since = performance.now();
  }

  /** Ends a move: nothing more comes by its old connection. */
  end(): void {
    if (--this.#moves > 0) return;
    this.#timer = setTimeout(() => this.forget(), this.#memory).unref();
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#heard = undefined;
  }

  /** Whether the subscriber already got this message by another connection. */
  isEcho(subscriber: Subscriber, message: NatsMessage): boolean {
    if (this.#heard === undefined) return false;
    const { reply, origin } = message;
    if (reply === "") return false;
    const heard = this.#heard.get(subscriber);
    const origins = heard?.get(reply);
    if (origins !== undefined && !origins.includes(origin)) {
      origins.push(origin);
      return true;
    }
    if (this.#moves > 0) this.#remember(subscriber, reply, origin);
    else heard?.delete(reply); // Only one connection is left.
    return false;
  }

  #remember(subscriber: Subscriber, reply: string, origin: Origin): void {
    const heard = this.#heard?.get(subscriber) ?? new Map<string, Origin[]>();
    this.#heard?.set(subscriber, heard.set(reply, [origin]));
    if (heard.size > this.#maxHeard) heard.delete(heard.keys().next().value as string);
  }
}
