import type { NatsMessage } from "./nats-message.js";
import type { Subscriber } from "./subscription.js";

/** How many messages of a move are remembered for a subscription; beyond that the oldest are forgotten. */
const mostHeard = 65_536;

/**
 * While the link moves, a subscription without a queue group is on both connections, and each brings it every message.
 * A reply subject tells the second one for what it is: no two messages of a sender have the same (docs/protocol.md,
 * I-1, E-2).
 *
 * ECHOES-1 Nothing is remembered but while a move lasts, and then a bounded number.
 */
export class Echoes {
  #heard: Map<Subscriber, Set<string>> | undefined;

  /** A move begins; or goes on, when another one is under way. */
  begin(): void {
    this.#heard ??= new Map();
  }

  end(): void {
    this.#heard = undefined;
  }

  /** Whether that subscriber was given this message before. */
  isEcho(subscriber: Subscriber, message: NatsMessage): boolean {
    if (this.#heard === undefined) return false;
    const { reply } = message;
    if (reply === "") return false;
    const heard = this.#heard.get(subscriber) ?? new Set();
    if (heard.has(reply)) return true;
    this.#heard.set(subscriber, heard.add(reply));
    if (heard.size > mostHeard) heard.delete(heard.values().next().value as string);
    return false;
  }
}
