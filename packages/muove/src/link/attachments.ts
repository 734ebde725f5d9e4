import { RingBuffer } from "../base/ring-buffer.js";
import { clearTimeout, setTimeout } from "../base/timers.js";
import { Backoff } from "./backoff.js";
import type { SubscriptionName, Violation } from "./observer.js";
import type { Receivers } from "./receivers.js";
import type { Refusal, RefusalReason } from "./refusal.js";
import type { RoundTrips } from "./round-trips.js";
import type { Subscriber } from "./subscription.js";

export type AttachmentState = "pending" | "open" | "forbidden";

interface Attachment {
  readonly subscriber: Subscriber;
  readonly id: number;
  state: AttachmentState;
  /** Whether the server was asked for it and has not answered yet. */
  asked: boolean;
  /** What the server said about it since it was asked for last. */
  refusal: RefusalReason | undefined;
}

interface AttachmentEvents {
  forbidden(violation: Violation): void;
  allowed(subscription: SubscriptionName): void;
}

/** Bounds of the pause before the server is asked again for what it refused, in ms; see {@link Backoff}. */
const patience = { min: 1_000, max: 30_000 };

/**
 * The subscriptions of one connection: whether the server has them.
 *
 * ATTACHMENTS-1 Each SUB has a PING of its own. The server does one line after the other, so what it refuses before the
 *   PONG is this subscription, although it does not say so: it names none at a limit, and others share their subject.
 * ATTACHMENTS-2 What the server takes away later, it names by its id.
 * ATTACHMENTS-3 What was refused is asked for again and again, as permissions and limits may change: within a second,
 *   then less and less often.
 * ATTACHMENTS-4 A refusal is reported once per subscription, and so is its end, whatever the number of connections and
 *   attempts between them.
 * ATTACHMENTS-5 After `end()` nothing is asked for.
 */
export class Attachments {
  readonly #send: (line: string) => void;
  readonly #roundTrips: RoundTrips;
  readonly #events: AttachmentEvents;
  readonly #receivers: Receivers;
  readonly #attachments = new Map<Subscriber, Attachment>();
  readonly #byId = new Map<number, Attachment>();
  /** What the server was asked for and has not answered yet, in order. */
  readonly #asked = new RingBuffer<Attachment>();
  readonly #backoff = new Backoff(patience);
  #timer: NodeJS.Timeout | undefined;

  /** @param send hands a line to the client. */
  constructor(send: (line: string) => void, roundTrips: RoundTrips, receivers: Receivers, events: AttachmentEvents) {
    this.#send = send;
    this.#roundTrips = roundTrips;
    this.#receivers = receivers;
    this.#events = events;
  }

  /** Whether every subscription is confirmed or refused. */
  get settled(): boolean {
    return [...this.#attachments.values()].every(({ state }) => state !== "pending");
  }

  attach(subscriber: Subscriber): void {
    const id = this.#receivers.add(subscriber);
    const attachment: Attachment = { subscriber, id, state: "pending", asked: false, refusal: undefined };
    this.#attachments.set(subscriber, attachment);
    this.#byId.set(id, attachment);
    this.#ask(attachment);
  }

  stateOf(subscriber: Subscriber): AttachmentState {
    return this.#attachments.get(subscriber)?.state ?? "pending";
  }

  /**
   * Sends UNSUB. Resolves when everything that the server sent before was received, or the connection ended. Drains of
   * one turn share a PING.
   */
  async drain(subscriber: Subscriber): Promise<void> {
    const attachment = this.#attachments.get(subscriber);
    if (attachment === undefined) return;
    const { id } = attachment;
    this.#send(`UNSUB ${id}\r\n`);
    this.#attachments.delete(subscriber);
    this.#byId.delete(id);
    await this.#roundTrips.flush();
    this.#receivers.remove(id);
  }

  async drainAll(): Promise<void> {
    await Promise.all([...this.#attachments.keys()].map((subscriber) => this.drain(subscriber)));
  }

  /** The server refuses a subscription. False: it was asked for none. */
  refused({ reason, id }: Refusal): boolean {
    const [next] = this.#asked;
    const attachment = id === undefined ? next : this.#byId.get(id);
    if (attachment === undefined) return id !== undefined; // It was drained meanwhile.
    attachment.refusal = reason;
    if (!attachment.asked) this.#refuse(attachment, reason);
    return true;
  }

  /** The connection ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#attachments.clear();
  }

  // ATTACHMENTS-1
  #ask(attachment: Attachment): void {
    const { subject, queue } = attachment.subscriber;
    attachment.refusal = undefined;
    attachment.asked = true;
    this.#asked.push(attachment);
    this.#send(`SUB ${subject} ${queue === undefined ? "" : `${queue} `}${attachment.id}\r\n`);
    this.#roundTrips.ping((answered) => {
      this.#asked.shift();
      attachment.asked = false;
      if (answered && this.#byId.has(attachment.id)) this.#settle(attachment);
    });
  }

  #settle(attachment: Attachment): void {
    const { refusal, subscriber } = attachment;
    if (refusal !== undefined) return this.#refuse(attachment, refusal);
    attachment.state = "open";
    if (subscriber.refusal === undefined) return;
    subscriber.refusal = undefined;
    this.#events.allowed(nameOf(subscriber));
  }

  #refuse(attachment: Attachment, reason: RefusalReason): void {
    if (attachment.state !== "forbidden") this.#hurry();
    attachment.state = "forbidden";
    this.#timer ??= setTimeout(() => this.#askAgain(), this.#backoff.next());
    const { subscriber } = attachment;
    if (subscriber.refusal === reason) return; // ATTACHMENTS-4
    subscriber.refusal = reason;
    this.#events.forbidden({ operation: "subscribe", ...nameOf(subscriber), reason });
  }

  #hurry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#backoff.reset();
  }

  // ATTACHMENTS-3
  #askAgain(): void {
    this.#timer = undefined;
    for (const attachment of this.#attachments.values()) {
      if (attachment.state === "forbidden" && !attachment.asked) this.#ask(attachment);
    }
  }
}

const nameOf = ({ subject, queue }: Subscriber): SubscriptionName =>
  queue === undefined ? { subject } : { subject, queue };
