import type { NatsMessage } from "./nats-message.js";
import type { Subscriber } from "./subscription.js";

/**
 * Delivers the messages of one connection to its subscribers.
 *
 * RECEIVERS-1 Messages that arrive before `open()` are held until then, in order, because they could not be answered
 *   yet.
 * RECEIVERS-2 An error in a subscriber is reported, and ends neither the client's read loop nor the delivery of the next
 *   message.
 * RECEIVERS-3 After `end()` nothing is delivered.
 */
export class Receivers {
  readonly #fault: (error: Error, subject: string) => void;
  /** Indexed by subscription id. The ids count up from 1, so an array is the fastest table. */
  readonly #byId: (Subscriber | undefined)[] = [undefined];
  #held: [Subscriber, NatsMessage][] | undefined = [];
  #ended = false;

  /** @param fault takes what a subscriber throws, and its subject. */
  constructor(fault: (error: Error, subject: string) => void) {
    this.#fault = fault;
  }

  /** Returns the new subscription's id. */
  add(subscriber: Subscriber): number {
    return this.#byId.push(subscriber) - 1;
  }

  /** Removes a subscription. What is held for it is delivered, even before `open()`. */
  remove(id: number): void {
    const subscriber = this.#byId[id];
    this.#byId[id] = undefined;
    const held = this.#held ?? [];
    if (this.#held) this.#held = held.filter(([owner]) => owner !== subscriber);
    for (const [owner, message] of held) if (owner === subscriber) this.#deliver(owner, message);
  }

  /** Delivers the held messages, and from now on each new one. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [subscriber, message] of held) this.#deliver(subscriber, message);
  }

  receive(id: number, message: NatsMessage): void {
    const subscriber = this.#byId[id];
    if (subscriber === undefined) return; // Already drained.
    if (this.#held) this.#held.push([subscriber, message]);
    else this.#deliver(subscriber, message);
  }

  end(): void {
    this.#ended = true;
  }

  #deliver(subscriber: Subscriber, message: NatsMessage): void {
    if (this.#ended) return;
    try {
      subscriber.receive(message);
    } catch (error) {
      this.#fault(error instanceof Error ? error : new Error(String(error)), subscriber.subject);
    }
  }
}
