import type { Socket } from "node:net";
import type { NatsConnectionImpl, Status } from "@nats-io/nats-core/internal";
import { PermissionViolationError } from "@nats-io/transport-node";
import { type AttachmentState, Attachments } from "./attachments.js";
import type { Check } from "./check.js";
import { isAboutCredentials } from "./dial-failure.js";
import type { SubscriptionName, Violation, WhyDown } from "./observer.js";
import type { LinkOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import type { Origin, PublishOptions } from "./publication.js";
import { Receivers } from "./receivers.js";
import { refusalOf } from "./refusal.js";
import { RoundTrips } from "./round-trips.js";
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
 */

export interface ConnectionEvents {
  ended(connection: Connection, why: WhyDown): void;
  lameDuck(connection: Connection): void;
  forbidden(violation: Violation): void;
  allowed(subscription: SubscriptionName): void;
  fault(error: Error, subject?: string): void;
}

type PingOptions = Pick<LinkOptions, "pingInterval" | "maxPingsOut">;

/**
 * How many bytes may wait in a connection that is silent but not given up yet. Beyond that, `publish()` returns false.
 */
const maxUnsent = 64 * 1024 * 1024;

export class Connection implements Origin {
  readonly server: ServerAddress;
  /** Resolves when this connection must be replaced: it ended, or its server is about to shut down. */
  readonly succession: Promise<void>;
  /** Resolves when it ended. */
  readonly closed: Promise<void>;
  /** Whether it uses TLS. */
  readonly encrypted: boolean;
  readonly #client: NatsConnectionImpl;
  readonly #socket: Socket | undefined;
  readonly #events: ConnectionEvents;
  readonly #outbox: Outbox;
  readonly #pingOptions: PingOptions;
  readonly #roundTrips: RoundTrips;
  readonly #receivers: Receivers;
  readonly #attachments: Attachments;
  #pings: ServerPings | undefined;
  #succeed = () => {};
  #close = () => {};
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
    this.#roundTrips = new RoundTrips(client.protocol, this.#outbox, () => this.alive);
    this.#receivers = new Receivers((error, subject) => events.fault(error, subject));
    this.#attachments = new Attachments(
      (line) => client.protocol.sendCommand(line),
      this.#roundTrips,
      this.#receivers,
      events,
    );
    this.server = server;
    this.encrypted = client.protocol.transport.isEncrypted();
    this.#events = events;
    this.succession = new Promise((resolve) => {
      this.#succeed = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    this.#pingOptions = pings;
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

  /** The last error that the server sent, if it sent one that is not about a single message or subscription. */
  get lastError(): Error | undefined {
    return this.#lastError ?? this.#client.protocol.lastError; // The client's may have come before this was made.
  }

  /** The servers that this server announced. Still available after the end. */
  get gossip(): readonly string[] {
    return this.#client.protocol.info?.connect_urls ?? [];
  }

  /** Whether every subscription is confirmed or refused. */
  get settled(): boolean {
    return this.#attachments.settled;
  }

  /** Delivers the messages that were held until now (RECEIVERS-1), and from now on each new one. Pings it from now on. */
  open(): void {
    if (this.#ended) return;
    const { pingInterval, maxPingsOut } = this.#pingOptions;
    this.#pings = new ServerPings(pingInterval, maxPingsOut, {
      ping: (answered) => this.check({ asked: () => {}, ended: (pong) => pong && answered() }),
      stale: () => this.#end({ reason: "stale", ...this.#cause() }),
    });
    this.#receivers.open();
  }

  /** False also for a message larger than `maxPayload`, because the server would end the connection. */
  publish(subject: string, payload: Uint8Array, { reply = "", headers = "" }: PublishOptions): boolean {
    if (!this.alive || this.#retired || (this.#socket?.writableLength ?? 0) > maxUnsent) return false;
    const size = headers.length + payload.length;
    if (size > (this.maxPayload ?? size)) return false;
    this.#outbox.write(subject, reply, headers, payload);
    return true;
  }

  /** See {@link RoundTrips.flush}. */
  flush(): Promise<boolean> {
    return this.#roundTrips.flush();
  }

  /** See {@link RoundTrips.check}. */
  check(check: Check): void {
    this.#roundTrips.check(check);
  }

  /** Stops publishing. Resolves when the server has taken everything published so far, or the connection ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.flush();
  }

  attach(subscriber: Subscriber): void {
    if (this.alive) this.#attachments.attach(subscriber);
  }

  stateOf(subscriber: Subscriber): AttachmentState {
    return this.#attachments.stateOf(subscriber);
  }

  /** Sends UNSUB. Resolves when everything that the server sent before was received, or the connection ended. */
  async drain(subscriber: Subscriber): Promise<void> {
    if (!this.alive) return;
    this.#outbox.flush();
    await this.#attachments.drain(subscriber);
  }

  async drainAll(): Promise<void> {
    if (!this.alive) return;
    this.#outbox.flush();
    await this.#attachments.drainAll();
  }

  /** Ends it at once. Only a `flush()` that resolved to true guarantees that published messages were sent. */
  discard(): void {
    this.#end({ reason: "closed" });
  }

  #watch(): void {
    tapStatus(this.#client, (status) => this.#onStatus(status));
    tapMessages(
      this.#client,
      this,
      (subscription, message) => this.#receivers.receive(subscription, message),
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
    if (error instanceof PermissionViolationError && error.operation === "publish") {
      return this.#events.forbidden({ operation: "publish", subject: error.subject, reason: "permissions" });
    }
    const refusal = refusalOf(error);
    if (refusal !== undefined && this.#attachments.refused(refusal)) return;
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
    this.#pings?.stop();
    this.#receivers.end(); // CONNECTION-1
    this.#attachments.end();
    this.#roundTrips.end();
    this.#events.ended(this, why);
    this.#succeed();
    this.#close();
    // Closes at once, even if the connection is silent. The client would wait for the last byte to leave.
    void this.#client.close().catch(() => {});
  }
}

/**
 * The client's socket, with or without TLS. It knows first that it is dead. The transport's type does not declare it.
 */
function socketOf(client: NatsConnectionImpl): Socket | undefined {
  return (client.protocol.transport as { readonly socket?: Socket }).socket;
}
