import type { EventDefinition, EventReference, Mailbox, Messages } from "@muove/contract";
import { describe, optionProblems, rules } from "@muove/contract/internal";
import type { Address } from "../address/address.js";
import type { GivenMetadata, WithMetadata } from "../address/given-metadata.js";
import { isMailbox, usable, usableEvent } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Logger } from "../base/logger.js";
import { signalRule } from "../call/call-options.js";
import { Scope } from "../call/scope.js";
import type { SendStep } from "../call/send-steps.js";
import type { AnyClient, ClientOf, Everyone, LetterNames } from "../client/client.js";
import { type Publisher, publisherOf } from "../client/publisher.js";
import { address, everyone, type Sender, Within } from "../client/sender.js";
import { Letterbox } from "../letterbox/letterbox.js";
import { mailPlan } from "../letters/streams.js";
import { KeptMail } from "../mail/kept-mail.js";
import { type BusEvents, checkListener } from "../outcome/bus-events.js";
import { Monitor } from "../presence/monitor.js";
import { capacityOf } from "../serve/capacity.js";
import { checkedHandlers, type Handlers } from "../serve/handlers.js";
import { type EventHandler, type ListenOptions, type OpenListener, openListener } from "../serve/open-listener.js";
import { OpenMailbox } from "../serve/open-mailbox.js";
import type { Receiver } from "../serve/receiver.js";
import {
  type HandledNames,
  letterConcurrency,
  type ServeOptions,
  serialMessages,
  serveOptionProblems,
} from "../serve/serve-options.js";
import { type Closable, type CloseOptions, closeBus, closeReceivers, closeTimeout } from "./close.js";
import { type ConnectedOptions, whenConnected } from "./connected.js";
import { type Health, healthOf } from "./health.js";
import { type Core, coreOfBus, type Parts } from "./parts.js";
import { type BusStatus, connectionStatus, countsNow, listenerStatus, mailboxStatus, peerStatuses } from "./status.js";
import { checkSteps, type Steps } from "./steps.js";

export interface WithinOptions<Given = undefined> extends WithMetadata<Given> {
  /** The budget that all calls share, in ms from now. Default: none; each call has its own timeout. */
  readonly timeout?: number | undefined;
  /** Cancels all of them when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that this bus gets messages for, until it is stopped. */
export interface Listener extends AsyncDisposable {
  /**
   * Ends it alone: accepts no more messages, and finishes those that were delivered. Takes at most `timeout` ms; what
   * runs on after that is treated as in `bus.close()`. Resolves when that is done; can be called again; never rejects.
   * (A handler that awaits its own `stop()` waits for itself, until that time is over.)
   *
   * @throws InvalidOptions
   */
  stop(options?: CloseOptions): Promise<void>;
}

/** A mailbox that this bus serves. When it was stopped, the bus can serve the mailbox again. */
export interface Served<M extends Messages, Given = undefined> extends Publisher<M, Given>, Listener {}

/**
 * A process's connection to the bus. Made by `connect`; usable at once, whether NATS is up or not.
 *
 * BUS-1 Nothing waits for NATS or for another service to start.
 * BUS-2 A mailbox stays served through every loss of the connection, until `close()`; a listener stays until it is
 *   stopped.
 */
export class Bus<Meta = unknown, Given = GivenMetadata<Meta>> implements Sender<Given> {
  readonly #parts: Parts;
  readonly #core: Core;
  readonly #mailboxes = new Map<string, OpenMailbox>();
  readonly #listeners = new Set<OpenListener>();
  #leaving = false;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#core = parts.core;
  }

  /**
   * Serves a mailbox, together with all other instances that serve it. Returns at once; the mailbox opens as soon as
   * there is a connection, and again after every reconnection.
   *
   * Each message goes to one instance. Messages start in the order in which they arrived and are handled concurrently,
   * unless `serialByKey` says otherwise. The mailbox is bounded: if it is full, or could not answer a call before the
   * caller gives up, it refuses the call at once, as `overloaded`.
   *
   * @returns what publishes the mailbox's events, and ends the serving of this mailbox alone.
   * @throws InvalidOptions for a missing or unknown handler, an invalid option or mailbox, or a mailbox that this bus
   * already serves.
   */
  serve<M extends Messages>(
    mailbox: Mailbox<string, M>,
    handlers: Handlers<M, Meta, Given>,
    options: ServeOptions<HandledNames<M>> = {},
  ): Served<M, Given> {
    const served = usable(mailbox);
    const checked = checkedHandlers(served, handlers);
    const problems = serveOptionProblems(options, served);
    const problem = this.#serveProblem(served);
    if (problem !== undefined) problems.push(problem);
    if (problems.length > 0) throw new InvalidOptions(`The mailbox ${served.name}`, problems);
    const { clients } = this.#parts;
    const { handlerTimeout } = options;
    const given = { handlerTimeout, serial: serialMessages(options, served) };
    const open = new OpenMailbox(this.#core, clients, served, checked, capacityOf(options), given);
    this.#mailboxes.set(served.name, open);
    const letterbox = this.#openLetterbox(open, letterConcurrency(options));
    const publisher = publisherOf<M, Given>(clients, served as Mailbox<string, M>, Scope.open);
    return Object.freeze({
      ...publisher,
      ...this.#stoppable([open.receiver, ...letterbox], () => this.#forget(open, letterbox)),
    });
  }

  /**
   * Adds steps around the handlers of this bus, and around what it sends, from now on. Those that were added first are
   * the outermost. Without any, they cost nothing.
   *
   * @throws InvalidOptions
   */
  use(steps: Steps<Meta, Given>): void {
    checkSteps(steps);
    const { handle, send } = steps as Steps;
    if (handle !== undefined) this.#core.handlerSteps.add(handle);
    if (send !== undefined) this.#core.sendSteps.add(send as SendStep);
  }

  to<Target extends Mailbox | AnyClient>(target: Target, to?: Address<Given>): ClientOf<Target> {
    return address(this.#parts.clients, Scope.open, target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>, to?: WithMetadata<Given>): Everyone<M> {
    return everyone(this.#parts.clients, Scope.open, mailbox, to);
  }

  /**
   * Returns a sender whose calls share one budget, for everything done on behalf of one request at an edge, such as
   * HTTP. A call gets the smaller of its own timeout and the remaining budget less a reserve (the larger of 5 ms and a
   * tenth), so that there is time left for a degraded reply. Everything that it sends has its metadata.
   *
   * @throws InvalidOptions
   */
  within(options: WithinOptions<Given>): Within<Given> {
    const problems = optionProblems(options, { timeout: rules.duration, signal: signalRule, meta: () => undefined });
    if (problems.length > 0) throw new InvalidOptions("The options of within()", problems);
    const { timeout, signal, meta } = options;
    const metadata = this.#core.metadata.add(undefined, meta);
    return new Within(this.#parts.clients, Scope.open.within(timeout, signal).with(metadata));
  }

  /**
   * Monitors the instances of a mailbox: which come and go, and why. It costs nothing while nobody monitors; otherwise
   * each instance sends small messages, less often the more instances there are.
   *
   * It detects a clean close within a round trip, a killed process within a second, and a hanging one within about 3 s
   * (with up to 160 instances; see docs/monitors.md). It survives every loss of the connection, until `stop()`.
   *
   * @throws InvalidOptions for an invalid mailbox, and if this bus is closing.
   */
  monitor(mailbox: Mailbox): Monitor {
    const problems = this.#monitorProblems(mailbox);
    if (problems.length > 0) throw new InvalidOptions("This monitor", problems);
    return new Monitor(this.#parts.watches.of(usable(mailbox).name), this.#core.log);
  }

  /**
   * The kept mail of a mailbox, for those who operate it: its figures and its dead letters; pauses and resumes messages.
   *
   * @throws InvalidOptions for an invalid mailbox, and one without durable messages.
   */
  mail<M extends Messages>(mailbox: Mailbox<string, M>): KeptMail<LetterNames<M>> {
    const known = usable(mailbox);
    const plan = mailPlan(this.#core.prefix, known);
    if (plan === undefined) throw new InvalidOptions(`The mailbox ${known.name}`, ["it has no durable messages"]);
    return new KeptMail(this.#core, known, plan);
  }

  /**
   * Listens to one of the bus's own events, such as `connected`. Returns a function that stops listening. If a listener
   * throws, the error is logged and has no other effect.
   *
   * @throws InvalidOptions for a name that is no event's.
   */
  on<Name extends keyof BusEvents>(name: Name, listener: (event: BusEvents[Name]) => void): () => void;
  /**
   * Listens to an event of a mailbox: `bus.on(orders.events.placed, (order, ctx) => { … })`. Returns at once; listening
   * starts as soon as there is a connection, and again after every reconnection.
   *
   * It gets every event that is published meanwhile, or its share of them with a `group`; each at most once, and none
   * from before it listened or while there was no connection. Events of one publisher and name start in the order in
   * which they were published, and are handled concurrently, unless `concurrency` is 1. As in a mailbox, an event that
   * does not fit into the backlog or breaks the listener's contract is dropped, counted and logged; an error of the
   * handler is logged; and a handler loses its slot after `handlerTimeout`.
   *
   * @throws InvalidOptions
   */
  on<E extends EventDefinition>(
    event: EventReference<E>,
    handler: EventHandler<E, Meta, Given>,
    options?: ListenOptions,
  ): Listener;
  on(
    what: keyof BusEvents | EventReference,
    listener: ((event: never) => void) | EventHandler<EventDefinition, Meta, Given>,
    options: ListenOptions = {},
  ): (() => void) | Listener {
    if (typeof what === "string") {
      checkListener(what, listener);
      return this.#core.events.on(what, listener as (event: unknown) => void);
    }
    return this.#listen(what, listener as EventHandler<EventDefinition>, options);
  }

  /** @internal */
  get [coreOfBus](): Core {
    return this.#core;
  }

  /** The health of this service, for its supervisor and for people. See `healthHandler` for HTTP. */
  get health(): Health {
    const served = [...this.#receivers, ...this.#parts.letterboxes];
    return healthOf(this.#core, served, this.#leaving || this.#closing !== undefined);
  }

  /**
   * Says that this service will close soon: from now on `health.ready` is false, so that whoever balances its load sends
   * it no more. Nothing else changes before `close()`. `supervised()` does this when a signal comes.
   */
  leave(): void {
    this.#leaving = true;
  }

  /** The log, with this service and instance bound to it. */
  get log(): Logger {
    return this.#core.log;
  }

  /** A snapshot of the bus. */
  get status(): BusStatus {
    const { service, instance, tags, link, inbox, peers, counts } = this.#core;
    return {
      service,
      instance,
      tags,
      connection: connectionStatus(link.status),
      mailboxes: [...this.#mailboxes.values()].map((open) => mailboxStatus(open, this.#letterboxOf(open))),
      listeners: [...this.#listeners].map(listenerStatus),
      peers: peerStatuses(peers.all()),
      pending: inbox.size,
      counts: countsNow(counts, inbox.strays),
    };
  }

  /**
   * Resolves to whether the bus is connected to NATS, with every mailbox subscribed: at once if it is, and otherwise
   * when it is, after `timeout` ms (default 10,000), when `signal` aborts, or when it closes. Never rejects.
   *
   * For scripts and tests. A service need not wait: it serves when there is a connection, and its calls are outcomes.
   *
   * @throws InvalidOptions
   */
  connected(options: ConnectedOptions = {}): Promise<boolean> {
    return whenConnected(this.#core, options);
  }

  /**
   * Drains and closes: accepts no more messages, handles and answers those that were delivered, then disconnects from
   * NATS. Handlers can still make calls while they finish. Later calls resolve to `unavailable/unreachable`.
   *
   * It waits for all handlers that have time left, their own or their callers'. When its time is over, or only handlers
   * are left that nobody waits for, the signals of those that still run abort, their callers are told
   * (`unavailable/draining`, `delivered: "maybe"`), and they are counted (`interrupted`) and logged.
   *
   * Resolves when that is done; can be called again; never rejects.
   *
   * @throws InvalidOptions
   */
  close(options: CloseOptions = {}): Promise<void> {
    const timeout = closeTimeout(options, "close()");
    this.#closing ??= closeBus(this.#parts, [...this.#receivers, ...this.#parts.letterboxes], timeout);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #receivers(): Receiver[] {
    return [...this.#mailboxes.values(), ...this.#listeners].map(({ receiver }) => receiver);
  }

  #listen(event: EventReference, handler: EventHandler<EventDefinition>, options: ListenOptions): Listener {
    if (this.#closing !== undefined) throw new InvalidOptions("This listener", ["cannot start: this bus is closing"]);
    const known = event?.kind === "event-reference" ? usableEvent(event) : event;
    const listener = openListener(this.#core, this.#parts.clients, known, handler, options);
    this.#listeners.add(listener);
    return Object.freeze(this.#stoppable([listener.receiver], () => this.#listeners.delete(listener)));
  }

  #letterboxOf({ mailbox }: OpenMailbox): Letterbox | undefined {
    return [...this.#parts.letterboxes].find((letterbox) => letterbox.mailbox === mailbox.name);
  }

  #openLetterbox({ mailbox, host, endpoints }: OpenMailbox, concurrency: number): Letterbox[] {
    const plan = mailPlan(this.#core.prefix, mailbox);
    if (plan === undefined) return [];
    const letterbox = new Letterbox(host, this.#core, plan, concurrency, endpoints);
    this.#parts.letterboxes.add(letterbox);
    return [letterbox];
  }

  #stoppable(receivers: readonly Closable[], stopped: () => void): Listener {
    const stop = (options: CloseOptions = {}): Promise<void> =>
      closeReceivers(receivers, closeTimeout(options, "stop()"), this.#core.log).then(stopped);
    return { stop, [Symbol.asyncDispose]: () => stop() };
  }

  /** Unless it is served again by now. */
  #forget(open: OpenMailbox, letterboxes: readonly Letterbox[]): void {
    for (const letterbox of letterboxes) this.#parts.letterboxes.delete(letterbox);
    const { name } = open.mailbox;
    if (this.#mailboxes.get(name) === open) this.#mailboxes.delete(name);
  }

  #monitorProblems(mailbox: unknown): string[] {
    if (this.#closing !== undefined) return ["cannot start: this bus is closing"];
    return isMailbox(mailbox) ? [] : [`it must have a mailbox(), not ${describe(mailbox)}`];
  }

  #serveProblem({ name }: Mailbox): string | undefined {
    if (this.#closing !== undefined) return "cannot be served: this bus is closing";
    const open = this.#mailboxes.get(name);
    if (open === undefined) return undefined;
    if (open.receiver.state === "draining") return "is not stopped yet: await its stop() before it is served again";
    return `is already served by this bus: pass all handlers of ${describe(name)} to one serve()`;
  }
}
