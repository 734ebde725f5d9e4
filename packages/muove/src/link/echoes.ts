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
 * How many messages are remembered per subscription at least; twice as many at most. If more come in a second, a copy
 * that is a second late may be forgotten, and count as new.
 */
const enough = 65_536;

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
  #heard: Map<Subscriber, Heard> | undefined;
  readonly #memory: number;
  readonly #enough: number;
  #moves = 0;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: { readonly memory?: number; readonly enough?: number } = {}) {
    this.#memory = limits.memory ?? memory;
    this.#enough = limits.enough ?? enough;
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
    const heard = this.#heardBy(subscriber, this.#heard);
    const origins = heard.get(reply);
    if (origins !== undefined && !origins.includes(origin)) {
      origins.push(origin);
      return true;
    }
    if (this.#moves > 0) heard.add(reply, origin);
    else heard.delete(reply); // Only one connection is left.
    return false;
  }

  #heardBy(subscriber: Subscriber, all: Map<Subscriber, Heard>): Heard {
    const known = all.get(subscriber);
    if (known !== undefined) return known;
    const heard = new Heard(this.#enough);
    all.set(subscriber, heard);
    return heard;
  }
}

/** What a subscription has heard, in two maps: a map from which the oldest is removed again and again becomes slow. */
class Heard {
  readonly #enough: number;
  #latest = new Map<string, Origin[]>();
  #earlier = new Map<string, Origin[]>();

  constructor(enough: number) {
    this.#enough = enough;
  }

  /** The connections that have delivered the message with that reply subject. */
  get(reply: string): Origin[] | undefined {
    return this.#latest.get(reply) ?? this.#earlier.get(reply);
  }

  add(reply: string, origin: Origin): void {
    if (this.#latest.size >= this.#enough) {
      this.#earlier = this.#latest;
      this.#latest = new Map();
    }
    this.#latest.set(reply, [origin]);
  }

  delete(reply: string): void {
    this.#latest.delete(reply);
    this.#earlier.delete(reply);
  }
}
