import type { Mailbox } from "@muove/contract";
import type { Clients } from "../client/client.js";
import type { Core } from "../core/core.js";
import { Sparsely } from "../core/sparsely.js";
import type { LinkSubscription } from "../link/index.js";
import { readCancellation } from "../wire/cancellation.js";
import { cancelSubject, messageSubject, queueGroup } from "../wire/subjects.js";
import { Backlog, type Capacity } from "./backlog.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import { Intake } from "./intake.js";
import type { ServedMessage } from "./waiting.js";

/**
 * - `pending`: asked for; open as soon as there is a connection.
 * - `open`: the NATS server delivers to it.
 * - `forbidden`: the permissions of this service's NATS user refuse at least one of its subjects.
 * - `draining`: takes no more, finishes what it has.
 * - `closed`: done.
 */
export type MailboxState = "pending" | "open" | "forbidden" | "draining" | "closed";

/** How long the handler of a cast may keep its slot, in ms: no caller's deadline bounds it. */
const castTime = 30_000;

/**
 * A mailbox served by this bus: a subscription per message, one backlog for all of them.
 *
 * O1 What was admitted before `drain()` is handled; a call that comes later is refused as draining, never lost.
 */
export class OpenMailbox {
  readonly mailbox: Mailbox;
  readonly #core: Core;
  readonly #clients: Clients;
  readonly #backlog: Backlog;
  readonly #subscriptions: readonly LinkSubscription[];
  readonly #cancellations: LinkSubscription;
  #drained: Promise<void> | undefined;
  #closed = false;

  constructor(
    core: Core,
    clients: Clients,
    mailbox: Mailbox,
    handlers: ReadonlyMap<string, AnyHandler>,
    capacity: Capacity,
  ) {
    this.mailbox = mailbox;
    this.#core = core;
    this.#clients = clients;
    this.#backlog = new Backlog(core, capacity);
    const log = new Sparsely(core.log);
    this.#subscriptions = [...handlers].map(([message, handler]) => this.#subscribe(message, handler, log));
    this.#cancellations = core.link.subscribe(cancelSubject(core.prefix, mailbox.name), {
      receive: (msg) => this.#backlog.cancel(readCancellation(msg)),
    });
  }

  get state(): MailboxState {
    if (this.#closed) return "closed";
    if (this.#drained !== undefined) return "draining";
    if (this.forbidden.length > 0) return "forbidden";
    return this.#subscriptions.every(({ state }) => state === "open") ? "open" : "pending";
  }

  /** The subjects that the permissions refuse. */
  get forbidden(): readonly string[] {
    return this.#subscriptions.filter(({ state }) => state === "forbidden").map(({ subject }) => subject);
  }

  /** The backlog's figures. */
  get work(): Pick<Backlog, "waiting" | "running" | "stuck"> {
    return this.#backlog;
  }

  /** Takes no more messages and finishes those that it has, however long they take. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /** Refuses what still waits. Returns how many casts were lost by that. */
  abandon(): number {
    return this.#backlog.abandon();
  }

  async #drain(): Promise<void> {
    this.#backlog.stopTaking();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    await this.#backlog.idle();
    await this.#cancellations.drain();
    this.#closed = true;
  }

  #subscribe(message: string, handler: AnyHandler, log: Sparsely): LinkSubscription {
    const served = this.#served(message, handler, log);
    return this.#core.link.subscribe(messageSubject(this.#core.prefix, this.mailbox.name, message), {
      queue: queueGroup,
      receive: (msg) => this.#backlog.admit(served, msg),
    });
  }

  #served(message: string, handler: AnyHandler, log: Sparsely): ServedMessage {
    const { name, messages } = this.mailbox;
    const definition = messages[message];
    if (definition === undefined) throw new Error(`${name} has no message ${message}`);
    const address = `${name}.${message}`;
    return {
      address,
      isCall: definition.kind === "call",
      timeout: definition.kind === "call" ? definition.timeout : castTime,
      intake: new Intake(this.#core, this.#clients, address, definition, log),
      handling: new Handling(this.#core, address, definition, handler),
    };
  }
}
