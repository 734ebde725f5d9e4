import type { Mailbox } from "@muove/contract";
import type { Msg } from "@nats-io/nats-core";
import type { Clients } from "../client/client.js";
import type { Core } from "../core/core.js";
import { Sparsely } from "../core/sparsely.js";
import { readCancellation } from "../wire/cancellation.js";
import { cancelToken } from "../wire/subjects.js";
import { Backlog, type Capacity } from "./backlog.js";
import { Doors } from "./doors.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import { Intake } from "./intake.js";
import type { ServedMessage } from "./waiting.js";

/**
 * - `pending`: asked for; open as soon as there is a connection.
 * - `open`: the NATS server delivers to it.
 * - `forbidden`: the permissions of this service's NATS user refuse at least one of its messages.
 * - `draining`: takes no more, finishes what it has.
 * - `closed`: done.
 */
export type MailboxState = "pending" | "open" | "forbidden" | "draining" | "closed";

/** How long the handler of a cast may keep its slot, in ms: no caller's deadline bounds it. */
const castTime = 30_000;

/**
 * A mailbox served by this bus: its doors, and one backlog for all that comes through them.
 *
 * O1 What was admitted before `drain()` is handled; a call that comes later is refused as draining, never lost.
 * O2 What the permissions refuse of its other addresses takes nothing from the mailbox itself, and shows in `forbidden`.
 */
export class OpenMailbox {
  readonly mailbox: Mailbox;
  readonly #core: Core;
  readonly #clients: Clients;
  readonly #backlog: Backlog;
  readonly #log: Sparsely;
  readonly #handlers: ReadonlyMap<string, AnyHandler>;
  readonly #served: ReadonlyMap<string, ServedMessage>;
  /** As they answer to what was sent to everyone; made when that first comes. */
  readonly #signed = new Map<string, ServedMessage>();
  readonly #doors: Doors;
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
    this.#log = new Sparsely(core.log);
    this.#handlers = handlers;
    this.#served = new Map([...handlers].map(([message, handler]) => [message, this.#serve(message, handler)]));
    this.#doors = new Doors(core, mailbox.name, [...handlers.keys()], {
      taker: (message) => this.#taker(message),
      takeAlone: (message, msg) => this.#takeAlone(message, msg),
      takeWithAll: (message, msg) => this.#takeWithAll(message, msg),
      cancel: (msg) => this.#cancel(msg),
    });
  }

  get state(): MailboxState {
    if (this.#closed) return "closed";
    if (this.#drained !== undefined) return "draining";
    if (this.shut.length > 0) return "forbidden";
    return this.#doors.open ? "open" : "pending";
  }

  /** The subjects that the permissions refuse, and without which there is no mailbox. */
  get shut(): readonly string[] {
    return this.#doors.shut;
  }

  /** All subjects that the permissions refuse (O2). */
  get forbidden(): readonly string[] {
    return this.#doors.forbidden;
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
    await this.#doors.drain();
    await this.#backlog.idle();
    await this.#doors.drainCancellations();
    this.#closed = true;
  }

  #taker(message: string): (msg: Msg) => void {
    const served = this.#served.get(message);
    if (served === undefined) throw new Error(`${this.mailbox.name} has no message ${message}`);
    return (msg) => this.#backlog.admit(served, msg);
  }

  #takeAlone(message: string, msg: Msg): void {
    if (message === cancelToken) return this.#cancel(msg);
    const served = this.#served.get(message);
    if (served !== undefined) this.#backlog.admit(served, msg);
    else this.#refuse(message, msg, undefined);
  }

  #takeWithAll(message: string, msg: Msg): void {
    const served = this.#signedMessage(message);
    if (served !== undefined) this.#backlog.admit(served, msg);
    else this.#refuse(message, msg, this.#core.from);
  }

  #refuse(message: string, msg: Msg, signature: string | undefined): void {
    this.#backlog.refuseUnknown(`${this.mailbox.name}.${message}`, msg, signature);
  }

  #cancel(msg: Msg): void {
    this.#backlog.cancel(readCancellation(msg));
  }

  #signedMessage(message: string): ServedMessage | undefined {
    const known = this.#signed.get(message);
    const handler = this.#handlers.get(message);
    if (known !== undefined || handler === undefined) return known;
    const served = this.#serve(message, handler, this.#core.from);
    this.#signed.set(message, served);
    return served;
  }

  /** @param signature who answers, where the answer must say so. */
  #serve(message: string, handler: AnyHandler, signature?: string): ServedMessage {
    const { name, messages } = this.mailbox;
    const definition = messages[message];
    if (definition === undefined) throw new Error(`${name} has no message ${message}`);
    const address = `${name}.${message}`;
    return {
      address,
      isCall: definition.kind === "call",
      timeout: definition.kind === "call" ? definition.timeout : castTime,
      signature,
      intake: new Intake(this.#core, this.#clients, address, definition, this.#log, signature),
      handling: new Handling(this.#core, address, definition, handler),
    };
  }
}
