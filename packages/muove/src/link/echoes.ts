import type { NatsMessage } from "./nats-message.js";
import type { Subscriber } from "./subscription.js";

/** How many messages are remembered per subscription during a move. Beyond that the oldest are forgotten. */
const maxHeard = 65_536;

/**
 * While the link moves, a subscription without a queue group is on both connections and gets each message from both.
 * The reply subject identifies the second copy: no two messages of a sender share one (docs/protocol.md, I-1, E-2).
 *
 * ECHOES-1 Messages are remembered only while a move lasts, and only a bounded number.
 */
export class Echoes {
  #heard: Map<Subscriber, Set<string>> | undefined;

  /** Starts a move, or continues the one in progress. */
  begin(): void {
    this.#heard ??= new Map();
  }

  end(): void {
    this.#heard = undefined;
  }

  /** Whether the subscriber already got this message. */
  isEcho(subscriber: Subscriber, message: NatsMessage): boolean {
    if (this.#heard === undefined) return false;
    const { reply } = message;
    if (reply === "") return false;
    const heard = this.#heard.get(subscriber) ?? new Set();
    if (heard.has(reply)) return true;
    this.#heard.set(subscriber, heard.add(reply));
    if (heard.size > maxHeard) heard.delete(heard.values().next().value as string);
    return false;
  }
}
