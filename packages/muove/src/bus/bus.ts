import type { EventDefinition, EventReference, Mailbox, Messages } from "@muove/contract";
import { describe, optionProblems, rules } from "@muove/contract/internal";
import type { Logger } from "pino";
import type { Address } from "../address/address.js";
import { isMailbox, usable, usableEvent } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import { signalRule } from "../call/call-options.js";
import { Scope } from "../call/scope.js";
import type { AnyClient, Client, Everyone, Publish } from "../client/client.js";
import { address, everyone, type Sender, Within } from "../client/sender.js";
import type { BusEvents } from "../outcome/bus-events.js";
import { Monitor } from "../presence/monitor.js";
import { type CapacityOptions, capacityOf, capacityRules } from "../serve/capacity.js";
import { checkedHandlers, type Handlers } from "../serve/handlers.js";
import { type EventHandler, type ListenOptions, type OpenListener, openListener } from "../serve/open-listener.js";
import { OpenMailbox } from "../serve/open-mailbox.js";
import type { Receiver } from "../serve/receiver.js";
import { closeBus } from "./close.js";
import { type Health, healthOf } from "./health.js";
import type { Core, Parts } from "./parts.js";
import { type BusStatus, connectionStatus, listenerStatus, mailboxStatus } from "./status.js";

export interface WithinOptions {
  /** The budget that all calls share, in ms from now. Default: no bound but each call's own timeout. */
  readonly timeout?: number | undefined;
  /** Cancels them all when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface ServeOptions extends CapacityOptions {}

/** What a mailbox's owner has in hand. */
export interface Publisher<M extends Messages> {
  /**
   * Publishes the mailbox's events: `own.publish.placed({ … })`. Each gives a receipt at once, as a cast's, and needs no
   * `await`. It goes to whoever listens at that moment, at most once, be it nobody; events of one name arrive in the order
   * in which this bus published them, as long as its connection lasts.
   *
   * Throws InvalidOptions, InvalidInput or TooLarge for the owner's own mistakes, and nothing for the world's sake.
   */
  readonly publish: Publish<M>;
}

export interface CloseOptions {
  /** How long handlers that are running may still take, in ms. Default 10,000. */
  readonly timeout?: number | undefined;
}

/**
 * One container's place on the bus. Made by `connect`; usable at once, whatever the state of NATS.
 *
 * B1 Nothing waits for NATS or for another service to be there.
 * B2 A mailbox that is served stays served over every loss of the connection, until `close()`; so does a listener, until
 *    it is ended.
 */
export class Bus implements Sender {
  readonly #parts: Parts;
  readonly #core: Core;
  readonly #mailboxes = new Map<string, OpenMailbox>();
  readonly #listeners = new Set<OpenListener>();
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#core = parts.core;
  }

  /**
   * Serves a mailbox: takes its messages, together with all other instances that serve it. Returns at once; the mailbox
   * opens as soon as there is a connection, and again after every loss of it.
   *
   * Each message goes to one instance. Messages start in the order in which they came and are handled concurrently. The
   * mailbox is bounded: what it cannot take, or could not answer before the caller gives up, it refuses at once, as
   * `overloaded`.
   *
   * @returns what the owner publishes the mailbox's events with.
   * @throws InvalidOptions for a missing or unknown handler, a wrong option, a mailbox that this bus serves already, or what is no
   * mailbox.
   */
  serve<M extends Messages>(
    mailbox: Mailbox<string, M>,
    handlers: Handlers<M>,
    options: ServeOptions = {},
  ): Publisher<M> {
    const served = usable(mailbox);
    const checked = checkedHandlers(served, handlers);
    const problems = optionProblems(options, capacityRules);
    const problem = this.#serveProblem(served);
    if (problem !== undefined) problems.push(problem);
    if (problems.length > 0) throw new InvalidOptions(`The mailbox ${served.name}`, problems);
    const { clients } = this.#parts;
    this.#mailboxes.set(served.name, new OpenMailbox(this.#core, clients, served, checked, capacityOf(options)));
    return Object.freeze({ publish: clients.publisher(served, Scope.open) as Publish<M> });
  }

  to<M extends Messages>(mailbox: Mailbox<string, M>, to?: Address): Client<M>;
  to<C extends AnyClient>(client: C, to?: Address): C;
  to(target: Mailbox | AnyClient, to?: Address): AnyClient {
    return address(this.#parts.clients, Scope.open, target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>): Everyone<M> {
    return everyone(this.#parts.clients, Scope.open, mailbox);
  }

  /**
   * Addresses that share one budget, for what is done on behalf of one request at an edge, such as HTTP. A call gets the
   * smaller of its own timeout and what remains less a reserve (the larger of 5 ms and a tenth), so that time is left to
   * answer degraded.
   *
   * @throws InvalidOptions
   */
  within(options: WithinOptions): Within {
    const problems = optionProblems(options, { timeout: rules.duration, signal: signalRule });
    if (problems.length > 0) throw new InvalidOptions("The options of within()", problems);
    return new Within(this.#parts.clients, Scope.open.within(options.timeout, options.signal));
  }

  /**
   * Watches who serves a mailbox: who comes and who goes, and why. Costs nothing on the bus while nobody does it; while
   * somebody does, each instance sends a small message now and then, the fewer the more instances there are.
   *
   * A clean close is known within a round trip, a killed process within a second, one that hangs within some 3 s (with up
   * to 160 instances; see docs/monitors.md). It lasts over every loss of the connection, until `stop()`.
   *
   * @throws InvalidOptions for what is no mailbox, and when this bus is closing.
   */
  monitor(mailbox: Mailbox): Monitor {
    const problems = this.#monitorProblems(mailbox);
    if (problems.length > 0) throw new InvalidOptions("This monitor", problems);
    return new Monitor(this.#parts.watches.of(usable(mailbox).name), this.#core.log);
  }

  /**
   * Listens to one of the bus's own events, which tell how this service fares, such as `connected`. Returns what ends the
   * listening. A listener that throws is logged and disturbs nobody.
   */
  on<Name extends keyof BusEvents>(name: Name, listener: (event: BusEvents[Name]) => void): () => void;
  /**
   * Listens to an event that the owner of a mailbox publishes: `bus.on(orders.events.placed, (order, ctx) => { … })`.
   * Returns at once; the listening begins as soon as there is a connection, and again after every loss of it.
   *
   * It gets every event that is published meanwhile, or its share of them with a `group`; each at most once, and none that
   * came before or while there was no connection. Events of one publisher and name start in the order in which they were
   * published, and are handled concurrently, unless `concurrency` is 1. As in a mailbox, what does not fit into the backlog
   * or breaks the listener's own contract is dropped, counted and logged, what the handler throws is contained, and a
   * handler loses its slot after 30 s, or `longest`.
   *
   * @returns what ends the listening: takes no more, and resolves when what was delivered is handled. May be called again;
   * never rejects. (A handler of this very listener that awaits it waits for itself.)
   * @throws InvalidOptions
   */
  on<E extends EventDefinition>(
    event: EventReference<E>,
    handler: EventHandler<E>,
    options?: ListenOptions,
  ): () => Promise<void>;
  on(
    what: keyof BusEvents | EventReference,
    listener: ((event: never) => void) | EventHandler<EventDefinition>,
    options: ListenOptions = {},
  ): () => void | Promise<void> {
    if (typeof what === "string") return this.#core.events.on(what, listener as (event: unknown) => void);
    return this.#listen(what, listener as EventHandler<EventDefinition>, options);
  }

  /** How this service is, for its supervisor and for people. See `healthHandler` for HTTP. */
  get health(): Health {
    return healthOf(this.#core, this.#receivers, this.#closing !== undefined);
  }

  /** The log, with the ids of this service bound. */
  get log(): Logger {
    return this.#core.log;
  }

  /** The bus at this moment. */
  get status(): BusStatus {
    const { service, instance, tags, link, inbox, counts } = this.#core;
    return {
      service,
      instance,
      tags,
      connection: connectionStatus(link.status),
      mailboxes: [...this.#mailboxes.values()].map(mailboxStatus),
      listeners: [...this.#listeners].map(listenerStatus),
      pending: inbox.size,
      counts: { ...counts, strayReplies: inbox.strays },
    };
  }

  /**
   * Drains and closes: takes no more messages, finishes those that were delivered and answers them, then leaves NATS.
   * Handlers can call others while they finish. Calls made after it resolve to `unavailable/unreachable`.
   *
   * Resolves when that is done; may be called again; never rejects.
   *
   * @throws InvalidOptions
   */
  close(options: CloseOptions = {}): Promise<void> {
    const problems = optionProblems(options, { timeout: rules.milliseconds });
    if (problems.length > 0) throw new InvalidOptions("The options of close()", problems);
    this.#closing ??= closeBus(this.#parts, this.#receivers, options.timeout ?? 10_000);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #receivers(): Receiver[] {
    return [...this.#mailboxes.values(), ...this.#listeners].map(({ receiver }) => receiver);
  }

  #listen(event: EventReference, handler: EventHandler<EventDefinition>, options: ListenOptions): () => Promise<void> {
    if (this.#closing !== undefined) throw new InvalidOptions("This listener", ["cannot begin: this bus is closing"]);
    const known = event?.kind === "event-reference" ? usableEvent(event) : event;
    const listener = openListener(this.#core, this.#parts.clients, known, handler, options);
    this.#listeners.add(listener);
    return async () => {
      await listener.receiver.drain();
      this.#listeners.delete(listener);
    };
  }

  #monitorProblems(mailbox: unknown): string[] {
    if (this.#closing !== undefined) return ["cannot begin: this bus is closing"];
    return isMailbox(mailbox) ? [] : [`it must be of a mailbox(), not of ${describe(mailbox)}`];
  }

  #serveProblem({ name }: Mailbox): string | undefined {
    if (this.#closing !== undefined) return "cannot be served any more: this bus is closing";
    if (!this.#mailboxes.has(name)) return undefined;
    return `is served by this bus already: put all handlers of ${describe(name)} into one serve()`;
  }
}
