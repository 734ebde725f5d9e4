import type { Socket } from "node:net";
import type { NatsConnectionImpl, Status } from "@nats-io/nats-core/internal";
import type { Subscription } from "@nats-io/transport-node";
import { deferred, PermissionViolationError } from "@nats-io/transport-node";
import { isAboutCredentials } from "./dial-failure.js";
import type { NatsMessage } from "./nats-message.js";
import type { Violation, WhyDown } from "./observer.js";
import { Outbox } from "./outbox.js";
import type { Origin, PublishOptions } from "./publication.js";
import type { ServerAddress } from "./server-address.js";
import { tapStatus } from "./status-tap.js";
import type { Subscriber } from "./subscription.js";
import { tapMessages } from "./tap-messages.js";

/*
 * One client, for as long as its one connection lasts.
 *
 * CONNECTION-1 It ends once, is told so synchronously, and nothing is received, published or waited for after that.
 * CONNECTION-2 A throw in what the client calls does not end its read loop, and what does end it ends the connection:
 *   it never merely looks open.
 * CONNECTION-3 What is received before it is opened is held until then, in order: an answer to it could not be
 *   published yet.
 * CONNECTION-4 A wait for a PONG ends with the connection: the client leaves the promise of a `flush()` pending for
 *   ever.
 */

export interface ConnectionEvents {
  ended(connection: Connection, why: WhyDown): void;
  lameDuck(connection: Connection): void;
  forbidden(violation: Violation): void;
  fault(error: Error, subject?: string): void;
}

/** Somebody who wants to know of one PING and its PONG. */
export interface Check {
  /** The PING leaves: it follows all that was published so far. */
  asked(): void;
  /**
   * Its PONG is read: all that the server had to say before was received, and nothing that it said later. False: the
   * connection ended first.
   */
  ended(answered: boolean): void;
}

interface Attachment {
  readonly inner: Subscription;
  state: "pending" | "open" | "forbidden";
}

/**
 * How much may pile up in a connection that went silent and is not given up yet, in bytes; what exceeds it is not
 * taken.
 */
const mostUnsent = 64 * 1024 * 1024;

export class Connection implements Origin {
  readonly server: ServerAddress;
  /** Resolves when another connection is needed in place of this one: it ended, or its server is about to. */
  readonly succession: Promise<void>;
  /** In TLS. */
  readonly encrypted: boolean;
  readonly #client: NatsConnectionImpl;
  readonly #socket: Socket | undefined;
  readonly #events: ConnectionEvents;
  readonly #outbox: Outbox;
  readonly #attachments = new Map<Subscriber, Attachment>();
  /** By the client's number for the subscription, which is one more for each: no table is as near as a list. */
  readonly #receivers: (Subscriber | undefined)[] = [];
  readonly #waiting = new Set<(answered: boolean) => void>();
  #succeed = () => {};
  #held: [Subscriber, NatsMessage][] | undefined = [];
  #ping: Promise<boolean> | undefined;
  #lastError: Error | undefined;
  #lame = false;
  #retired = false;
  #ended = false;

  constructor(client: NatsConnectionImpl, server: ServerAddress, events: ConnectionEvents) {
    this.#client = client;
    this.#socket = socketOf(client);
    this.#outbox = new Outbox((bytes) => this.#send(bytes));
    this.server = server;
    this.encrypted = client.protocol.transport.isEncrypted();
    this.#events = events;
    this.succession = new Promise((resolve) => {
      this.#succeed = resolve;
    });
    this.#watch();
  }

  /** False as soon as anything in this process knows that the socket is dead, be it before the end was told. */
  get alive(): boolean {
    return !this.#ended && !this.#client.isClosed() && this.#socket?.writable !== false;
  }

  /** Whether the server announced its end. */
  get lame(): boolean {
    return this.#lame;
  }

  get maxPayload(): number | undefined {
    return this.#client.protocol.info?.max_payload;
  }

  /** The servers that this one told of, also after the end. */
  get gossip(): readonly string[] {
    return this.#client.protocol.info?.connect_urls ?? [];
  }

  /** Every subscription is confirmed or refused. */
  get settled(): boolean {
    return [...this.#attachments.values()].every(({ state }) => state !== "pending");
  }

  /** Delivers what was held, and from now on whatever comes (CONNECTION-3). */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [subscriber, message] of held) this.#deliver(subscriber, message);
  }

  /** False also for what exceeds `maxPayload`: the server would end the connection. */
  publish(subject: string, payload: Uint8Array, { reply = "", headers = "" }: PublishOptions): boolean {
    if (!this.alive || this.#retired || (this.#socket?.writableLength ?? 0) > mostUnsent) return false;
    const size = headers.length + payload.length;
    if (size > (this.maxPayload ?? size)) return false;
    this.#outbox.write(subject, reply, headers, payload);
    return true;
  }

  /**
   * One PING and its PONG, after everything that was published and subscribed before: true when it came, false when the
   * connection ended first (CONNECTION-4). All that ask in one turn share it.
   */
  flush(): Promise<boolean> {
    if (!this.alive) return Promise.resolve(false);
    this.#ping ??= this.#pingAfterThisTurn();
    return this.#ping;
  }

  /** As {@link flush}, told as it happens. */
  check({ asked, ended }: Check): void {
    if (!this.alive) return ended(false);
    this.#outbox.flush();
    asked();
    const pong = deferred<void>();
    const settle = (answered: boolean): void => {
      if (this.#waiting.delete(settle)) ended(answered);
    };
    this.#waiting.add(settle);
    pong.catch(() => {}); // The client rejects it when the connection ends; then all that waits is told (CONNECTION-4).
    this.#client.protocol.flush(Object.assign(pong, { resolve: () => settle(true) }));
  }

  /**
   * From now on nothing is published on it. Resolves when the server has taken all that was, or the connection ended.
   */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.flush();
  }

  attach(subscriber: Subscriber): void {
    if (!this.alive) return;
    const { subject, queue } = subscriber;
    const callback = (error: Error | null): void => {
      if (error !== null) this.#refuse(subscriber);
    };
    const inner = this.#client.subscribe(subject, { callback, ...(queue !== undefined && { queue }) });
    this.#receivers[inner.getID()] = subscriber;
    const attachment: Attachment = { inner, state: "pending" };
    this.#attachments.set(subscriber, attachment);
    void this.flush().then((answered) => {
      if (answered && attachment.state === "pending") attachment.state = "open";
    });
  }

  stateOf(subscriber: Subscriber): Attachment["state"] {
    return this.#attachments.get(subscriber)?.state ?? "pending";
  }

  /** UNSUB now; resolves when all that the server had sent before was received, or the connection ended. */
  async drain(subscriber: Subscriber): Promise<void> {
    const attachment = this.#attachments.get(subscriber);
    if (attachment === undefined || attachment.state === "forbidden" || !this.alive) return;
    this.#outbox.flush();
    await this.#answered(attachment.inner.drain());
    this.#attachments.delete(subscriber);
    this.#receivers[attachment.inner.getID()] = undefined;
    this.#deliverHeldFor(subscriber);
  }

  /** Subscription by subscription: the client's own `drain()` also ends publishing while handlers still answer. */
  async drainAll(): Promise<void> {
    await Promise.all([...this.#attachments.keys()].map((subscriber) => this.drain(subscriber)));
  }

  /** Ends it at once. What was published is on its way only if a `flush()` said so. */
  discard(): void {
    this.#end({ reason: "closed" });
  }

  #watch(): void {
    tapStatus(this.#client, (status) => this.#onStatus(status));
    tapMessages(
      this.#client,
      this,
      (subscription, message) => this.#receive(subscription, message),
      (error) => this.#end({ reason: "lost", error }), // CONNECTION-2
    );
    this.#socket?.once("error", (error) => this.#end({ reason: "lost", error }));
    // A NATS server never half-closes, so the first sign of an end is the end; the client would first send what it has.
    this.#socket?.once("end", () => this.#lose());
    void this.#client.closed().then(() => this.#lose());
    // One that greets as lame is told by whoever makes it current.
    this.#lame = this.#client.protocol.info?.ldm === true;
    if (this.#lame) this.#succeed();
  }

  #onStatus(status: Status): void {
    if (status.type === "staleConnection") this.#end({ reason: "stale", ...this.#cause() });
    else if (status.type === "disconnect") this.#lose();
    else if (status.type === "ldm") this.#duck();
    else if (status.type === "error") this.#onError(status.error);
  }

  #onError(error: Error): void {
    if (error instanceof PermissionViolationError) {
      // That of a subscription comes by its callback, which knows whose it is.
      if (error.operation === "publish") this.#events.forbidden({ operation: "publish", subject: error.subject });
      return;
    }
    this.#lastError = error;
    // The client would call it stale; it was thrown out for its credentials.
    if (isAboutCredentials(error)) this.#end({ reason: "lost", error });
    else this.#events.fault(error);
  }

  #duck(): void {
    if (this.#lame || this.#ended) return;
    this.#lame = true;
    this.#events.lameDuck(this);
    this.#succeed();
  }

  #refuse(subscriber: Subscriber): void {
    const attachment = this.#attachments.get(subscriber);
    if (attachment === undefined || this.#ended) return;
    attachment.state = "forbidden";
    const { subject, queue } = subscriber;
    this.#events.forbidden({ operation: "subscribe", subject, ...(queue !== undefined && { queue }) });
  }

  /**
   * Behind what the client itself has to send, such as a subscription that was made before. Returns whether neither the
   * client nor the socket holds any of it.
   */
  #send(bytes: Uint8Array): boolean {
    const { protocol } = this.#client;
    protocol.sendCommand(bytes);
    // biome-ignore lint/complexity/useLiteralKeys: it is private by its type; at once is what a portion is for.
    protocol["flushPending"]();
    return protocol.outbound.size() === 0 && this.#socket?.writableLength === 0;
  }

  #receive(subscription: number, message: NatsMessage): void {
    const subscriber = this.#receivers[subscription];
    if (subscriber === undefined) return; // It was drained.
    if (this.#held) this.#held.push([subscriber, message]);
    else this.#deliver(subscriber, message);
  }

  /** Whoever drained it before the opening expects nothing after the drain. */
  #deliverHeldFor(subscriber: Subscriber): void {
    const held = this.#held ?? [];
    if (this.#held) this.#held = held.filter(([owner]) => owner !== subscriber);
    for (const [owner, message] of held) if (owner === subscriber) this.#deliver(owner, message);
  }

  #deliver(subscriber: Subscriber, message: NatsMessage): void {
    if (this.#ended) return; // CONNECTION-1
    try {
      subscriber.receive(message);
    } catch (error) {
      // CONNECTION-2
      this.#events.fault(error instanceof Error ? error : new Error(String(error)), subscriber.subject);
    }
  }

  async #pingAfterThisTurn(): Promise<boolean> {
    await undefined;
    this.#ping = undefined;
    if (!this.alive) return false;
    this.#outbox.flush();
    return this.#answered(this.#client.flush());
  }

  /**
   * Whether `pong` came before the end (CONNECTION-4). A race against one promise of the end would keep every wait in
   * memory.
   */
  #answered(pong: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answered: boolean) => {
        this.#waiting.delete(settle);
        resolve(answered);
      };
      this.#waiting.add(settle);
      pong.then(
        () => settle(true),
        () => settle(false),
      );
    });
  }

  #lose(): void {
    this.#end({ reason: "lost", ...this.#cause() });
  }

  #cause(): { error?: Error } {
    const error = this.#lastError ?? this.#client.protocol.transport.closeError;
    return error ? { error } : {};
  }

  #end(why: WhyDown): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const settle of this.#waiting) settle(false);
    this.#events.ended(this, why);
    this.#succeed();
    // At once, also of one that went silent: by itself the client would wait for the last byte to leave.
    void this.#client.close().catch(() => {});
  }
}

/**
 * The socket under the client, in TLS or not: its death is known there first. The type of a transport does not have it.
 */
function socketOf(client: NatsConnectionImpl): Socket | undefined {
  return (client.protocol.transport as { readonly socket?: Socket }).socket;
}
