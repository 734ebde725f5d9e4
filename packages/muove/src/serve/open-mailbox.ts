import type { Mailbox } from "@muove/contract";
import type { Core } from "../bus/core.js";
import { Sparsely } from "../bus/sparsely.js";
import type { LinkSubscription } from "../link/index.js";
import { messageSubject, queueGroup } from "../wire/subjects.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import { Intake } from "./intake.js";

/**
 * - `pending`: asked for; open as soon as there is a connection.
 * - `open`: the NATS server delivers to it.
 * - `forbidden`: the permissions of this service's NATS user refuse at least one of its subjects.
 * - `draining`: takes no more, finishes what it has.
 * - `closed`: done.
 */
export type MailboxState = "pending" | "open" | "forbidden" | "draining" | "closed";

/**
 * A mailbox served by this bus: from the subject of each message through intake to its handler.
 *
 * O1 Every message that was delivered before `drain()` is handled.
 */
export class OpenMailbox {
  readonly mailbox: Mailbox;
  readonly #core: Core;
  readonly #subscriptions: readonly LinkSubscription[];
  readonly #running = new Set<Promise<void>>();
  #drained: Promise<void> | undefined;
  #closed = false;

  constructor(core: Core, mailbox: Mailbox, handlers: ReadonlyMap<string, AnyHandler>) {
    this.mailbox = mailbox;
    this.#core = core;
    const log = new Sparsely(core.log);
    this.#subscriptions = [...handlers].map(([message, handler]) => this.#subscribe(message, handler, log));
  }

  get state(): MailboxState {
    if (this.#closed) return "closed";
    if (this.#drained !== undefined) return "draining";
    const states = this.#subscriptions.map(({ state }) => state);
    if (states.includes("forbidden")) return "forbidden";
    return states.every((state) => state === "open") ? "open" : "pending";
  }

  /** Messages being handled. */
  get running(): number {
    return this.#running.size;
  }

  /** Takes no more messages and waits for those that it has, however long they take. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#closed = true;
  }

  #subscribe(message: string, handler: AnyHandler, log: Sparsely): LinkSubscription {
    const { name, messages } = this.mailbox;
    const definition = messages[message];
    if (definition === undefined) throw new Error(`${name} has no message ${message}`);
    const served = { address: `${name}.${message}`, definition };
    const intake = new Intake(this.#core, served, log);
    const handling = new Handling(this.#core, served, handler);
    const subject = messageSubject(this.#core.prefix, name, message);
    return this.#core.link.subscribe(subject, {
      queue: queueGroup,
      receive: (msg) => {
        const incoming = intake.take(msg);
        if (incoming !== undefined) this.#track(handling.run(incoming));
      },
    });
  }

  #track(work: Promise<void> | undefined): void {
    if (work === undefined) return;
    this.#running.add(work);
    void work.then(() => this.#running.delete(work));
  }
}
