import type { Mailbox, Messages } from "@muove/contract";
import { describe, optionProblems, rules } from "@muove/contract/internal";
import type { Logger } from "pino";
import { Scope } from "../call/scope.js";
import { signalRule } from "../call/send-call.js";
import type { AnyClient, Client } from "../client/client.js";
import { address, type Sender, Within } from "../client/sender.js";
import type { Core } from "../core/core.js";
import type { BusEvents } from "../core/events.js";
import { InvalidOptions } from "../core/invalid-options.js";
import { checkedHandlers, type Handlers } from "../serve/handlers.js";
import { OpenMailbox } from "../serve/open-mailbox.js";
import { closeBus } from "./close.js";
import { type Health, healthOf } from "./health.js";
import type { Parts } from "./make-parts.js";
import { type BusStatus, connectionStatus } from "./status.js";

export interface WithinOptions {
  /** The budget that all calls share, in ms from now. Default: no bound but each call's own timeout. */
  readonly timeout?: number | undefined;
  /** Cancels them all when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface ServeOptions {
  /** How many handlers may run at the same time. Default 64. */
  readonly concurrency?: number | undefined;
  /** How many messages may wait for a handler. Default 1,024. */
  readonly backlog?: number | undefined;
}

export interface CloseOptions {
  /** How long handlers that are running may still take, in ms. Default 10,000. */
  readonly timeout?: number | undefined;
}

/**
 * One container's place on the bus. Made by `connect`; usable at once, whatever the state of NATS.
 *
 * B1 Nothing waits for NATS or for another service to be there.
 * B2 A mailbox that is served stays served over every loss of the connection, until `close()`.
 */
export class Bus implements Sender {
  readonly #parts: Parts;
  readonly #core: Core;
  readonly #mailboxes = new Map<string, OpenMailbox>();
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
   * @throws InvalidOptions for a missing or unknown handler, a wrong option, or a mailbox that this bus serves already.
   */
  serve<M extends Messages>(mailbox: Mailbox<string, M>, handlers: Handlers<M>, options: ServeOptions = {}): void {
    const checked = checkedHandlers(mailbox, handlers);
    const problems = optionProblems(options, { concurrency: rules.count, backlog: rules.count });
    const problem = this.#serveProblem(mailbox);
    if (problem !== undefined) problems.push(problem);
    if (problems.length > 0) throw new InvalidOptions(`The mailbox ${mailbox.name}`, problems);
    const { concurrency = 64, backlog = 1_024 } = options;
    this.#mailboxes.set(
      mailbox.name,
      new OpenMailbox(this.#core, this.#parts.clients, mailbox, checked, { concurrency, backlog }),
    );
  }

  to<M extends Messages>(mailbox: Mailbox<string, M>): Client<M>;
  to<C extends AnyClient>(client: C): C;
  to(target: Mailbox | AnyClient): AnyClient {
    return address(this.#parts.clients, Scope.open, target);
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

  /** Listens to an event; returns what ends the listening. A listener that throws is logged and disturbs nobody. */
  on<Name extends keyof BusEvents>(name: Name, listener: (event: BusEvents[Name]) => void): () => void {
    return this.#core.events.on(name, listener);
  }

  /** How this service is, for its supervisor and for people. See `healthHandler` for HTTP. */
  get health(): Health {
    return healthOf(this.#core, [...this.#mailboxes.values()], this.#closing !== undefined);
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
      mailboxes: [...this.#mailboxes.values()].map(({ mailbox: { name, version }, state, forbidden, work }) => {
        return { name, version, state, forbidden, waiting: work.waiting, running: work.running };
      }),
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
    this.#closing ??= closeBus(this.#parts, [...this.#mailboxes.values()], options.timeout ?? 10_000);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serveProblem({ name }: Mailbox): string | undefined {
    if (this.#closing !== undefined) return "cannot be served any more: this bus is closing";
    if (!this.#mailboxes.has(name)) return undefined;
    return `is served by this bus already: put all handlers of ${describe(name)} into one serve()`;
  }
}
