import type { Socket } from "node:net";
import type { NatsConnectionImpl, Status } from "@nats-io/nats-core/internal";
import type { Subscription } from "@nats-io/transport-node";
import { deferred, PermissionViolationError } from "@nats-io/transport-node";
import { isAboutCredentials } from "./dial-failure.js";
import type { NatsMessage } from "./nats-message.js";
import type { Violation, WhyDown } from "./observer.js";
import type { LinkOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import type { Origin, PublishOptions } from "./publication.js";
import type { ServerAddress } from "./server-address.js";
import { ServerPings } from "./server-pings.js";
import { tapStatus } from "./status-tap.js";
import type { Subscriber } from "./subscription.js";
import { tapMessages } from "./tap-messages.js";

/*
 * Wraps one client of the official library for its one connection.
 *
 * CONNECTION-1 It ends once and reports that synchronously. After that it receives, publishes and waits for nothing.
 * CONNECTION-2 An error in code that the client calls does not end the client's read loop. Whatever does end the loop
 *   ends the connection, so that it never only looks open.
 * CONNECTION-3 Messages that arrive before `open()` are held until then, in order, because they could not be answered
 *   yet.
 * CONNECTION-4 A wait for a PONG ends with the connection. (The client would leave the promise of `flush()` pending
 *   forever.)
 */

export interface ConnectionEvents {
  ended(connection: Connection, why: WhyDown): void;
  lameDuck(connection: Connection): void;
  forbidden(violation: Violation): void;
  fault(error: Error, subject?: string): void;
}

/** Callbacks for one PING and its PONG. */
export interface Check {
  /** The PING is sent, after everything published so far. */
  asked(): void;
  /**
   * The PONG is read: everything that the server sent before it was received, and nothing that it sent later. False if
   * the connection ended first.
   */
  ended(answered: boolean): void;
}

type PingOptions = Pick<LinkOptions, "pingInterval" | "maxPingsOut">;
type AttachmentState = "pending" | "open" | "forbidden";

interface Attachment {
  readonly inner: Subscription;
  state: AttachmentState;
}

/**
 * How many bytes may wait in a connection that is silent but not given up yet. Beyond that, `publish()` returns false.
 */
const maxUnsent = 64 * 1024 * 1024;

export class Connection implements Origin {
  readonly server: ServerAddress;
  /** Resolves when this connection must be replaced: it ended, or its server is about to shut down. */
  readonly succession: Promise<void>;
  /** Whether it uses TLS. */
  readonly encrypted: boolean;
  readonly #client: NatsConnectionImpl;
  readonly #socket: Socket | undefined;
  readonly #events: ConnectionEvents;
  readonly #outbox: Outbox;
  readonly #pings: ServerPings;
  readonly #attachments = new Map<Subscriber, Attachment>();
  /** By subject and queue group, as a refusal names them. */
  readonly #bySubject = new Map<string, Set<Subscriber>>();
  /** Indexed by the client's subscription id. The ids count up from 1, so an array is the fastest table. */
  readonly #receivers: (Subscriber | undefined)[] = [];
  readonly #waiting = new Set<(answered: boolean) => void>();
  #succeed = () => {};
  #held: [Subscriber, NatsMessage][] | undefined = [];
  #ping: Promise<boolean> | undefined;
  #lastError: Error | undefined;
  #lame = false;
  #retired = false;
  #ended = false;

  /**
   * @param pings how often it is pinged, and when it is given up.
   * @internal the types that are published do without those of the client
   */
  constructor(client: NatsConnectionImpl, server: ServerAddress, pings: PingOptions, events: ConnectionEvents) {
    this.#client = client;
    this.#socket = socketOf(client);
    this.#outbox = new Outbox((bytes) => this.#send(bytes));
    this.server = server;
    this.encrypted = client.protocol.transport.isEncrypted();
    this.#events = events;
    this.succession = new Promise((resolve) => {
      this.#succeed = resolve;
    });
    this.#pings = new ServerPings(pings.pingInterval, pings.maxPingsOut, {
      ping: (answered) => this.check({ asked: () => {}, ended: (pong) => pong && answered() }),
      stale: () => this.#end({ reason: "stale", ...this.#cause() }),
    });
    this.#watch();
  }

  /** False as soon as anything in this process knows that the socket is dead, even before the end is reported. */
  get alive(): boolean {
    return !this.#ended && !this.#client.isClosed() && this.#socket?.writable !== false;
  }

  /** Whether the server announced that it will shut down. */
  get lame(): boolean {
    return this.#lame;
  }

  /** Such as `2.10.27`. */
  get serverVersion(): string | undefined {
    return this.#client.protocol.info?.version;
  }

  get maxPayload(): number | undefined {
    return this.#client.protocol.info?.max_payload;
  }

  /** The servers that this server announced. Still available after the end. */
  get gossip(): readonly string[] {
    return this.#client.protocol.info?.connect_urls ?? [];
  }

  /** Whether every subscription is confirmed or refused. */
  get settled(): boolean {
    return [...this.#attachments.values()].every(({ state }) => state !== "pending");
  }

  /** Delivers the held messages, and from now on each new one (CONNECTION-3). */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [subscriber, message] of held) this.#deliver(subscriber, message);
  }

  /** False also for a message larger than `maxPayload`, because the server would end the connection. */
  publish(subject: string, payload: Uint8Array, { reply = "", headers = "" }: PublishOptions): boolean {
    if (!this.alive || this.#retired || (this.#socket?.writableLength ?? 0) > maxUnsent) return false;
    const size = headers.length + payload.length;
    if (size > (this.maxPayload ?? size)) return false;
    this.#outbox.write(subject, reply, headers, payload);
    return true;
  }

  /**
   * Sends a PING after everything published and subscribed before. Resolves to true at its PONG, or to false if the
   * connection ends first (CONNECTION-4). Calls in the same turn of the loop share one PING.
   */
  flush(): Promise<boolean> {
    if (!this.alive) return Promise.resolve(false);
    this.#ping ??= this.#pingAfterThisTurn();
    return this.#ping;
  }

  /** Like {@link flush}, with synchronous callbacks. */
  check({ asked, ended }: Check): void {
    if (!this.alive) return ended(false);
    this.#outbox.flush();
    asked();
    const pong = deferred<void>();
    const settle = (answered: boolean): void => {
      if (this.#waiting.delete(settle)) ended(answered);
    };
    this.#waiting.add(settle);
    pong.catch(() => {}); // The client rejects it when the connection ends; `#end` settles it then (CONNECTION-4).
    this.#client.protocol.flush(Object.assign(pong, { resolve: () => settle(true) }));
  }

  /** Stops publishing. Resolves when the server has taken everything published so far, or the connection ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.flush();
  }

  attach(subscriber: Subscriber): void {
    if (!this.alive) return;
    const { subject, queue } = subscriber;
    const inner = this.#client.subscribe(subject, { callback: unused, ...(queue !== undefined && { queue }) });
    this.#receivers[inner.getID()] = subscriber;
    const attachment: Attachment = { inner, state: "pending" };
    this.#attachments.set(subscriber, attachment);
    const key = refusalKey(subject, queue);
    this.#bySubject.set(key, (this.#bySubject.get(key) ?? new Set()).add(subscriber));
    void this.flush().then((answered) => {
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
    if (attachment === undefined || !this.alive) return;
    this.#outbox.flush();
    attachment.inner.unsubscribe();
    if (attachment.state !== "forbidden") await this.flush();
    this.#detach(subscriber, attachment);
    this.#deliverHeldFor(subscriber);
  }

  #detach(subscriber: Subscriber, { inner }: Attachment): void {
    this.#attachments.delete(subscriber);
    this.#receivers[inner.getID()] = undefined;
    const key = refusalKey(subscriber.subject, subscriber.queue);
    const others = this.#bySubject.get(key);
    others?.delete(subscriber);
    if (others?.size === 0) this.#bySubject.delete(key);
  }

  /**
   * Drains each subscription alone, because the client's own `drain()` would stop publishing while handlers still
   * answer.
   */
  async drainAll(): Promise<void> {
    await Promise.all([...this.#attachments.keys()].map((subscriber) => this.drain(subscriber)));
  }

  /** Ends it at once. Only a `flush()` that resolved to true guarantees that published messages were sent. */
  discard(): void {
    this.#end({ reason: "closed" });
  }

  #watch(): void {
    tapStatus(this.#client, (status) => this.#onStatus(status));
    // The client would look through all subscriptions for each refusal; #refuse() does not.
    this.#client.protocol.subscriptions.handleError = () => false;
    tapMessages(
      this.#client,
      this,
      (subscription, message) => this.#receive(subscription, message),
      (error) => this.#end({ reason: "lost", error }), // CONNECTION-2
    );
    this.#socket?.once("error", (error) => this.#end({ reason: "lost", error }));
    // A NATS server never half-closes, so "end" is the end. The client would first send what it still has.
    this.#socket?.once("end", () => this.#lose());
    void this.#client.closed().then(() => this.#lose());
    // For a server that is lame already in its greeting, the link reports it when the connection becomes current.
    this.#lame = this.#client.protocol.info?.ldm === true;
    if (this.#lame) this.#succeed();
  }

  #onStatus(status: Status): void {
    if (status.type === "disconnect") this.#lose();
    else if (status.type === "ldm") this.#duck();
    else if (status.type === "error") this.#onError(status.error);
  }

  #onError(error: Error): void {
    if (error instanceof PermissionViolationError) {
      const { operation, subject, queue } = error;
      if (operation === "publish") this.#events.forbidden({ operation, subject });
      else this.#refuse(refusalKey(subject, queue));
      return;
    }
    this.#lastError = error;
    // The client would report it as stale, but the server closed it because of its credentials.
    if (isAboutCredentials(error)) this.#end({ reason: "lost", error });
    else this.#events.fault(error);
  }

  #duck(): void {
    if (this.#lame || this.#ended) return;
    this.#lame = true;
    this.#events.lameDuck(this);
    this.#succeed();
  }

  /** Each refusal is about one of the subscriptions with that subject and queue group. */
  #refuse(key: string): void {
    if (this.#ended) return;
    for (const subscriber of this.#bySubject.get(key) ?? []) {
      const attachment = this.#attachments.get(subscriber);
      if (attachment === undefined || attachment.state === "forbidden") continue;
      attachment.state = "forbidden";
      const { subject, queue } = subscriber;
      return this.#events.forbidden({ operation: "subscribe", subject, ...(queue !== undefined && { queue }) });
    }
  }

  /**
   * Sends after everything that the client itself has queued, such as an earlier SUB. Returns whether the client and
   * the socket are done with the bytes.
   */
  #send(bytes: Uint8Array): boolean {
    const { protocol } = this.#client;
    protocol.sendCommand(bytes);
    // biome-ignore lint/complexity/useLiteralKeys: private by its type only; a portion must leave at once.
    protocol["flushPending"]();
    return protocol.outbound.size() === 0 && this.#socket?.writableLength === 0;
  }

  #receive(subscription: number, message: NatsMessage): void {
    const subscriber = this.#receivers[subscription];
    if (subscriber === undefined) return; // Already drained.
    if (this.#held) this.#held.push([subscriber, message]);
    else this.#deliver(subscriber, message);
  }

  /** If it is drained before `open()`, its messages must arrive before the drain ends. */
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

  /** Whether `pong` came before the end (CONNECTION-4). A race against one long-lived promise would leak every wait. */
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
    this.#pings.stop();
    for (const settle of this.#waiting) settle(false);
    this.#events.ended(this, why);
    this.#succeed();
    // Closes at once, even if the connection is silent. The client would wait for the last byte to leave.
    void this.#client.close().catch(() => {});
  }
}

/** The client delivers nothing: see tap-messages.ts. */
const unused = (): void => {};

const refusalKey = (subject: string, queue: string | undefined): string => `${subject} ${queue ?? ""}`;

/**
 * The client's socket, with or without TLS. It knows first that it is dead. The transport's type does not declare it.
 */
function socketOf(client: NatsConnectionImpl): Socket | undefined {
  return (client.protocol.transport as { readonly socket?: Socket }).socket;
}
