import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import type { Subscription } from "@nats-io/transport-node";
import type { NatsMessage } from "./nats-message.js";
import type { Violation } from "./observer.js";
import type { RoundTrips } from "./round-trips.js";
import type { Subscriber } from "./subscription.js";

export type AttachmentState = "pending" | "open" | "forbidden";

interface Attachment {
  readonly inner: Subscription;
  state: AttachmentState;
}

interface AttachmentEvents {
  forbidden(violation: Violation): void;
  fault(error: Error, subject: string): void;
}

/**
 * The subscriptions of one connection.
 *
 * ATTACHMENTS-1 Messages that arrive before `open()` are held until then, in order, because they could not be answered
 *   yet.
 * ATTACHMENTS-2 An error in a receiver is reported, and ends neither the client's read loop nor the delivery of the next
 *   message.
 * ATTACHMENTS-3 After `end()` nothing is delivered or reported.
 */
export class Attachments {
  readonly #client: NatsConnectionImpl;
  readonly #roundTrips: RoundTrips;
  readonly #events: AttachmentEvents;
  readonly #attachments = new Map<Subscriber, Attachment>();
  /** By subject and queue group, as a refusal names them. */
  readonly #bySubject = new Map<string, Set<Subscriber>>();
  /** Indexed by the client's subscription id. The ids count up from 1, so an array is the fastest table. */
  readonly #receivers: (Subscriber | undefined)[] = [];
  #held: [Subscriber, NatsMessage][] | undefined = [];
  #ended = false;

  constructor(client: NatsConnectionImpl, roundTrips: RoundTrips, events: AttachmentEvents) {
    this.#client = client;
    this.#roundTrips = roundTrips;
    this.#events = events;
    // The client would look through all subscriptions for each refusal; refused() does not.
    client.protocol.subscriptions.handleError = () => false;
  }

  /** Whether every subscription is confirmed or refused. */
  get settled(): boolean {
    return [...this.#attachments.values()].every(({ state }) => state !== "pending");
  }

  /** Delivers the held messages, and from now on each new one (ATTACHMENTS-1). */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [subscriber, message] of held) this.#deliver(subscriber, message);
  }

  attach(subscriber: Subscriber): void {
    const { subject, queue } = subscriber;
    const inner = this.#client.subscribe(subject, { callback: unused, ...(queue !== undefined && { queue }) });
    this.#receivers[inner.getID()] = subscriber;
    const attachment: Attachment = { inner, state: "pending" };
    this.#attachments.set(subscriber, attachment);
    const key = refusalKey(subject, queue);
    this.#bySubject.set(key, (this.#bySubject.get(key) ?? new Set()).add(subscriber));
    void this.#roundTrips.flush().then((answered) => {
      if (answered && attachment.state === "pending") attachment.state = "open";
    });
  }

  stateOf(subscriber: Subscriber): AttachmentState {
    return this.#attachments.get(subscriber)?.state ?? "pending";
  }

  /**
   * Sends UNSUB. Resolves when everything that the server sent before was received, or the connection ended.
   *
   * Many drains of one turn share a PING. (The client's own `drain()` would send one for each, and keep them in a list
   * that it shifts.)
   */
  async drain(subscriber: Subscriber): Promise<void> {
    const attachment = this.#attachments.get(subscriber);
    if (attachment === undefined) return;
    attachment.inner.unsubscribe();
    if (attachment.state !== "forbidden") await this.#roundTrips.flush();
    this.#detach(subscriber, attachment);
    this.#deliverHeldFor(subscriber);
  }

  /**
   * Drains each subscription alone, because the client's own `drain()` would stop publishing while handlers still
   * answer.
   */
  async drainAll(): Promise<void> {
    await Promise.all([...this.#attachments.keys()].map((subscriber) => this.drain(subscriber)));
  }

  receive(subscription: number, message: NatsMessage): void {
    const subscriber = this.#receivers[subscription];
    if (subscriber === undefined) return; // Already drained.
    if (this.#held) this.#held.push([subscriber, message]);
    else this.#deliver(subscriber, message);
  }

  /** Each refusal is about one of the subscriptions with that subject and queue group. */
  refused(named: string, group: string | undefined): void {
    if (this.#ended) return;
    for (const subscriber of this.#bySubject.get(refusalKey(named, group)) ?? []) {
      const attachment = this.#attachments.get(subscriber);
      if (attachment === undefined || attachment.state === "forbidden") continue;
      attachment.state = "forbidden";
      const { subject, queue } = subscriber;
      return this.#events.forbidden({ operation: "subscribe", subject, ...(queue !== undefined && { queue }) });
    }
  }

  /** The connection ended. */
  end(): void {
    this.#ended = true;
  }

  #detach(subscriber: Subscriber, { inner }: Attachment): void {
    this.#attachments.delete(subscriber);
    this.#receivers[inner.getID()] = undefined;
    const key = refusalKey(subscriber.subject, subscriber.queue);
    const others = this.#bySubject.get(key);
    others?.delete(subscriber);
    if (others?.size === 0) this.#bySubject.delete(key);
  }

  /** If it is drained before `open()`, its messages must arrive before the drain ends. */
  #deliverHeldFor(subscriber: Subscriber): void {
    const held = this.#held ?? [];
    if (this.#held) this.#held = held.filter(([owner]) => owner !== subscriber);
    for (const [owner, message] of held) if (owner === subscriber) this.#deliver(owner, message);
  }

  #deliver(subscriber: Subscriber, message: NatsMessage): void {
    if (this.#ended) return;
    try {
      subscriber.receive(message);
    } catch (error) {
      this.#events.fault(error instanceof Error ? error : new Error(String(error)), subscriber.subject);
    }
  }
}

/** The client delivers nothing: see tap-messages.ts. */
const unused = (): void => {};

const refusalKey = (subject: string, queue: string | undefined): string => `${subject} ${queue ?? ""}`;
