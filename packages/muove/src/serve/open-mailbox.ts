import type { Mailbox } from "@muove/contract";
import type { Clients } from "../client/client.js";
import type { Message } from "../link/index.js";
import { Presence } from "../presence/presence.js";
import { readCancellation } from "../wire/cancellation.js";
import { cancelToken, messageSubject, watchToken } from "../wire/subjects.js";
import { Backlog } from "./backlog.js";
import type { Capacity } from "./capacity.js";
import { Figures } from "./figures.js";
import type { AnyHandler } from "./handlers.js";
import { mailboxSubscriptions } from "./mailbox-subscriptions.js";
import { Receiver } from "./receiver.js";
import type { ServeEnvironment } from "./serve-environment.js";
import { type ServedMessage, servedMessage } from "./served-message.js";
import { type Serving, serving } from "./serving.js";

/** A mailbox served by this bus. */
export class OpenMailbox {
  readonly mailbox: Mailbox;
  readonly receiver: Receiver;
  readonly #serving: Serving;
  readonly #longest: number | undefined;
  readonly #backlog: Backlog;
  readonly #presence: Presence;
  readonly #handlers: ReadonlyMap<string, AnyHandler>;
  readonly #figures: ReadonlyMap<string, Figures>;
  readonly #served: ReadonlyMap<string, ServedMessage>;
  /** As they answer to what was sent to everyone; made when that first comes. */
  readonly #signed = new Map<string, ServedMessage>();

  constructor(
    core: ServeEnvironment,
    clients: Clients,
    mailbox: Mailbox,
    handlers: ReadonlyMap<string, AnyHandler>,
    capacity: Capacity,
  ) {
    this.mailbox = mailbox;
    this.#serving = serving(core, clients, mailbox);
    this.#longest = capacity.longest;
    this.#backlog = new Backlog(core, capacity);
    this.#handlers = handlers;
    this.#figures = new Map([...handlers.keys()].map((message) => [message, new Figures()]));
    this.#served = new Map([...handlers].map(([message, handler]) => [message, this.#serve(message, handler)]));
    const subscriptions = mailboxSubscriptions(core, mailbox.name, [...handlers.keys()], {
      taker: (message) => this.#taker(message),
      takeAlone: (message, msg) => this.#takeAlone(message, msg),
      takeWithAll: (message, msg) => this.#takeWithAll(message, msg),
      cancel: (msg) => this.#cancel(msg),
    });
    this.#presence = new Presence(core, mailbox);
    const endListing = core.discovery.list({ mailbox, figures: this.#figures });
    this.receiver = new Receiver("mailbox", mailbox.name, subscriptions, this.#backlog, async () => {
      await Promise.all([this.#presence.leave(), endListing()]);
    });
  }

  #taker(message: string): (msg: Message) => void {
    const served = this.#served.get(message);
    if (served === undefined) throw new Error(`${this.mailbox.name} has no message ${message}`);
    const backlog = this.#backlog;
    return (msg) => backlog.admit(served, msg);
  }

  #takeAlone(message: string, msg: Message): void {
    if (message === cancelToken) return this.#cancel(msg);
    if (message === watchToken) return this.#presence.watched(msg);
    const served = this.#served.get(message);
    if (served !== undefined) this.#backlog.admit(served, msg);
    else this.#refuse(message, msg, undefined);
  }

  #takeWithAll(message: string, msg: Message): void {
    if (message === watchToken) return this.#presence.watched(msg);
    const served = this.#signedMessage(message);
    if (served !== undefined) this.#backlog.admit(served, msg);
    else this.#refuse(message, msg, this.#serving.core.from);
  }

  #refuse(message: string, msg: Message, signature: string | undefined): void {
    this.#backlog.refuseUnknown(this.mailbox.name, message, msg, signature);
  }

  #cancel(msg: Message): void {
    const call = readCancellation(msg);
    if (call !== undefined) this.#backlog.cancel(call);
  }

  #signedMessage(message: string): ServedMessage | undefined {
    const known = this.#signed.get(message);
    const handler = this.#handlers.get(message);
    if (known !== undefined || handler === undefined) return known;
    const served = this.#serve(message, handler, this.#serving.core.from);
    this.#signed.set(message, served);
    return served;
  }

  /** @param signature who answers, where the answer must say so. */
  #serve(message: string, handler: AnyHandler, signature?: string): ServedMessage {
    const { name, messages } = this.mailbox;
    const [definition, figures] = [messages[message], this.#figures.get(message)];
    if (definition === undefined || figures === undefined) throw new Error(`${name} has no message ${message}`);
    const subject = messageSubject(this.#serving.core.prefix, name, message);
    const served = { address: `${name}.${message}`, subject, definition, figures };
    return servedMessage(this.#serving, served, handler, this.#longest, signature);
  }
}
