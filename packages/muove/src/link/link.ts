import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { timeLimited } from "../base/time-limit.js";
import { performance, sleep, wallClock } from "../base/timers.js";
import type { Check } from "./check.js";
import { Connection, type ConnectionEvents } from "./connection.js";
import { DialLoop } from "./dial-loop.js";
import { Echoes, reach } from "./echoes.js";
import { type LinkObserver, safeObserver, type WhyDown } from "./observer.js";
import type { LinkOptions } from "./options.js";
import { assertSubject, type PublishOptions } from "./publication.js";
import type { ServerAddress } from "./server-address.js";
import type { LinkState, LinkStatus } from "./status.js";
import {
  LastingSubscription,
  type LinkSubscription,
  type SubscribeOptions,
  type Subscriber,
  type SubscriptionHome,
} from "./subscription.js";

/*
 * LINK-1 Every connection, whether the first, the next or one to move to, is made in the same way: dial a new client,
 *   subscribe everything on it, wait for the confirmation, make it current.
 * LINK-2 Messages are published on the current connection only, so nothing ever waits in a client for a connection. An
 *   answer goes out on the connection that brought its request: after a move, the old one is kept until no answer is
 *   due on it, or its server ends it.
 * LINK-3 Every connection that was current ends with one `down`, unless its successor was current before it ended and
 *   its server had confirmed everything published on it.
 * LINK-4 Every subscription in the set is on the current connection and on those in preparation.
 * LINK-5 After `close()` there is no connection, no timer and no dial.
 * LINK-6 A subscription without a queue group gets each message with a reply subject once, though both connections of a
 *   move deliver it.
 * LINK-7 It starts once: until it is up, every server was dialled once in vain, or it is closed. Whoever waits for that
 *   is called back once, in order, after the observer.
 */

/**
 * How long both connections of a move stay subscribed, in ms: the new interest must reach every server before the old
 * one ends. Generous, because messages are lost if it does not.
 */
const overlap = 2 * reach;

/** How often an old connection is asked whether answers are still due on it, in ms. */
const answerInterval = 100;

/** The connection of a bus to NATS. Once started, it replaces its connection as often as needed, without limit. */
export class Link {
  readonly #options: LinkOptions;
  readonly #observer: Required<LinkObserver>;
  readonly #loop: DialLoop;
  readonly #closing = new AbortController();
  readonly #subscriptions = new Map<Subscriber, LastingSubscription>();
  readonly #candidates = new Set<Connection>();
  readonly #retiring = new Set<Connection>();
  readonly #echoes = new Echoes();
  readonly #unconfirmed = new Map<Connection, Promise<boolean>>();
  #running: Promise<void> | undefined;
  #current: Connection | undefined;
  #former: Connection | undefined;
  #state: LinkState = "connecting";
  #since = wallClock();
  #upAt = 0;
  #lostBy: Error | undefined;
  #maxPayload = Number.POSITIVE_INFINITY;
  /** Whoever waits for the end of the first round of dials; `undefined` after it (LINK-7). */
  #waiting: Set<() => void> | undefined = new Set();
  #closed: Promise<void> | undefined;

  constructor(options: LinkOptions, observer: LinkObserver) {
    this.#options = options;
    this.#observer = safeObserver(observer);
    this.#loop = new DialLoop(options, this.#observer.dialFailed, () => this.#started());
  }

  /** Starts dialling. An unreachable server is a state, not an error. */
  start(): void {
    this.#running ??= this.#run();
  }

  get status(): LinkStatus {
    const lastError = this.#state === "up" ? undefined : (this.#loop.lastError ?? this.#lostBy);
    return {
      state: this.#state,
      since: this.#since,
      ...(this.#current && { server: this.#current.server.listen }),
      ...(lastError && { lastError }),
      attempts: this.#loop.attempts,
    };
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Whether there is a connection to publish on. */
  get up(): boolean {
    return this.#state === "up";
  }

  /** Whether the first round of dials is still under way, so that nobody knows yet whether a server is there. */
  get starting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Calls back once, when it is no longer starting; for a link that is. Returns a function that removes the callback. */
  whenStarted(callback: () => void): () => void {
    const waiting = this.#waiting;
    waiting?.add(callback);
    return () => void waiting?.delete(callback);
  }

  /**
   * The server's limit for headers and payload together, in bytes. Infinite until a server has told it; remembered in
   * outages.
   */
  get maxPayload(): number {
    return this.#current?.maxPayload ?? this.#maxPayload;
  }

  /** The version of the current server, such as `2.10.27`; `undefined` without a connection. */
  get serverVersion(): string | undefined {
    return this.#current?.serverVersion;
  }

  /**
   * True: handed to a connection that is not known to be dead. The message leaves at the end of this turn of the loop,
   * and `fence()` tells whether it arrived. False: handed to no connection, and it never will be. It is also false when
   * 64 MiB already wait in a stalled connection, and for a message larger than `maxPayload`, which may shrink at any
   * time. Never throws, because callers in timers and callbacks have checked the size long before.
   *
   * @param subject and the reply subject must consist of visible characters; this is not checked again per message.
   * Subjects from received messages are safe (see `frame-reader.ts`), and those of contracts and addresses are checked
   * when they are made.
   */
  publish(subject: string, payload: Uint8Array, options: PublishOptions = {}): boolean {
    if (this.#state === "closed") return false;
    return this.#current?.publish(subject, payload, options) ?? false;
  }

  /**
   * Subscribes on this and every later connection, until it is drained or the link is closed.
   *
   * @throws TypeError for an invalid subject or queue group, Error when the link is closed.
   */
  subscribe(subject: string, { queue, receive }: SubscribeOptions): LinkSubscription {
    assertSubject(subject);
    if (queue !== undefined) assertSubject(queue);
    if (this.#state === "closed") throw new Error(`cannot subscribe to ${subject}: the link is closed`);
    const subscriber: Subscriber = {
      subject,
      queue,
      refusal: undefined,
      receive: queue === undefined ? (msg) => this.#echoes.isEcho(subscriber, msg) || receive(msg) : receive, // LINK-6
    };
    const subscription = new LastingSubscription(subscriber, this.#home);
    this.#subscriptions.set(subscriber, subscription);
    this.#current?.attach(subscriber); // LINK-4
    for (const candidate of this.#candidates) candidate.attach(subscriber);
    return subscription;
  }

  /**
   * One round trip after everything published so far. True: the server has taken all of it, and its immediate responses
   * (no responders, a violation) have been received. False: there is no connection, or it was lost before the answer
   * came. Never rejects. Takes no longer than it takes to notice a silent connection.
   */
  async fence(): Promise<boolean> {
    if (!this.#current) return false;
    const answers = await Promise.all([this.#current.flush(), ...this.#unconfirmed.values()]);
    return answers.every(Boolean);
  }

  /**
   * Like {@link fence}, with synchronous callbacks. Ends at once while the link moves, because no single PONG covers
   * both connections then.
   */
  check(check: Check): void {
    if (this.#current === undefined || this.#unconfirmed.size > 0) check.ended(false);
    else this.#current.check(check);
  }

  /**
   * Stops publishing and dialling at once. Flushes what was published before for at most `timeout` ms (default 1,000),
   * receives messages meanwhile, then closes the connection. Never rejects.
   */
  close({ timeout = 1_000 }: { readonly timeout?: number } = {}): Promise<void> {
    this.#closed ??= this.#shut(timeout);
    return this.#closed;
  }

  async #run(): Promise<void> {
    while (await this.#dial()) await this.#former?.succession;
  }

  async #dial(): Promise<boolean> {
    const moves = this.#current !== undefined;
    if (moves) this.#echoes.begin();
    try {
      return await this.#loop.run(this.#prepare, this.#closing.signal, this.#former);
    } finally {
      if (moves) this.#echoes.end();
    }
  }

  // LINK-1
  readonly #prepare = async (client: NatsConnectionImpl, server: ServerAddress, signal: AbortSignal): Promise<void> => {
    const connection = new Connection(client, server, this.#options, this.#events);
    const discard = () => connection.discard();
    signal.addEventListener("abort", discard);
    try {
      if (connection.lame && this.#current?.alive) throw new Error(`${server.listen} is in lame duck mode`);
      if (this.#current) await timeLimited(this.#current.closed, this.#echoes.wait); // ECHOES-2
      signal.throwIfAborted();
      this.#candidates.add(connection);
      for (const subscriber of this.#subscriptions.keys()) connection.attach(subscriber);
      do await this.#confirm(connection, signal);
      while (!connection.settled);
      // Nothing may run between these two lines: a subscription made there would be on neither connection (LINK-4).
      this.#makeCurrent(connection);
    } catch (error) {
      connection.discard();
      throw error;
    } finally {
      signal.removeEventListener("abort", discard);
      this.#candidates.delete(connection);
    }
  };

  async #confirm(connection: Connection, signal: AbortSignal): Promise<void> {
    const confirmed = await connection.flush();
    signal.throwIfAborted();
    if (confirmed) return;
    throw connection.lastError ?? new Error(`${connection.server.listen} did not confirm the subscriptions`);
  }

  #makeCurrent(connection: Connection): void {
    const { listen } = connection.server;
    if (!connection.alive) throw connection.lastError ?? new Error(`${listen} closed the connection`);
    const former = this.#current;
    this.#candidates.delete(connection);
    this.#current = connection;
    this.#former = connection;
    this.#upAt = performance.now();
    this.#loop.arrived();
    this.#enter("up");
    if (former) void this.#retire(former);
    this.#observer.up(listen);
    this.#started();
    if (connection.lame) this.#observer.lameDuck(listen);
    connection.open();
  }

  /** Retires the old connection of a move: receives the messages still in flight, drains it, answers them. */
  async #retire(former: Connection): Promise<void> {
    const confirmed = former.flush();
    this.#retiring.add(former);
    this.#unconfirmed.set(former, confirmed);
    this.#echoes.begin();
    await confirmed;
    this.#unconfirmed.delete(former);
    await this.#pause(overlap);
    await former.drainAll();
    this.#echoes.end();
    do await this.#pause(answerInterval);
    while (!this.closed && former.alive && this.#observer.owes(former)); // LINK-2
    await former.retire();
    if (!this.closed) former.discard();
    this.#retiring.delete(former);
  }

  /** Shorter if the link is closed. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }

  readonly #events: ConnectionEvents = {
    ended: (connection, why) => this.#onEnded(connection, why),
    lameDuck: (connection) => {
      if (connection === this.#current) this.#observer.lameDuck(connection.server.listen);
    },
    forbidden: (violation) => this.#observer.forbidden(violation),
    allowed: (subscription) => this.#observer.allowed(subscription),
    fault: (error, subject) => this.#observer.fault(error, subject),
  };

  // LINK-3
  #onEnded(connection: Connection, why: WhyDown): void {
    if (connection === this.#current) {
      this.#maxPayload = this.maxPayload;
      this.#current = undefined;
      this.#lostBy = why.error;
      this.#loop.lasted(performance.now() - this.#upAt);
      if (this.#state !== "closed") this.#enter("down");
      this.#observer.down(why);
    } else if (this.#unconfirmed.delete(connection) && this.#state !== "closed") {
      this.#observer.down(why);
      if (this.#current) this.#observer.up(this.#current.server.listen);
    }
  }

  readonly #home: SubscriptionHome = {
    stateOf: (subscriber) => this.#current?.stateOf(subscriber) ?? "pending",
    drain: async (subscriber) => {
      this.#subscriptions.delete(subscriber);
      await Promise.all(this.#connections().map((connection) => connection.drain(subscriber)));
    },
  };

  #connections(): Connection[] {
    return [...(this.#current ? [this.#current] : []), ...this.#candidates, ...this.#retiring];
  }

  // LINK-5
  async #shut(timeout: number): Promise<void> {
    this.#enter("closed");
    this.#closing.abort();
    this.#started();
    const connections = this.#connections();
    await timeLimited(Promise.all(connections.map((connection) => connection.flush())), timeout);
    for (const connection of connections) connection.discard();
    this.#echoes.forget();
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
    await this.#running;
  }

  // LINK-7
  #started(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const callback of waiting ?? []) callback();
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#since = wallClock();
  }
}
