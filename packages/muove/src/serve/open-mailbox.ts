import type { Mailbox } from "@muove/contract";
import type { Clients } from "../client/clients.js";
import type { NatsMessage } from "../link/index.js";
import { Presence } from "../presence/presence.js";
import { readCancellation } from "../wire/cancellation.js";
import { cancelToken, messageSubject, watchToken } from "../wire/subjects.js";
import { Backlog } from "./backlog.js";
import type { Capacity } from "./capacity.js";
import { Endpoint } from "./endpoint.js";
import { Figures } from "./figures.js";
import { type HandlerTimeouts, overrideFor } from "./handler-timeout.js";
import type { AnyHandler } from "./handlers.js";
import { type Host, hostOf } from "./host.js";
import { mailboxSubscriptions } from "./mailbox-subscriptions.js";
import { Receiver } from "./receiver.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** Options of one mailbox, by message. */
interface Given {
  readonly handlerTimeout: HandlerTimeouts | undefined;
  /** The messages that take turns by key. */
  readonly serial: ReadonlySet<unknown>;
}

/** A mailbox served by this bus. */
export class OpenMailbox {
  readonly mailbox: Mailbox;
  readonly receiver: Receiver;
  readonly #host: Host;
  readonly #given: Given;
  readonly #backlog: Backlog;
  readonly #presence: Presence;
  readonly #handlers: ReadonlyMap<string, AnyHandler>;
  readonly #figures: ReadonlyMap<string, Figures>;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  /** The endpoints for messages to everyone, whose answers name their sender; made on first use. */
  readonly #signed = new Map<string, Endpoint>();

  constructor(
    env: ServeEnvironment,
    clients: Clients,
    mailbox: Mailbox,
    handlers: ReadonlyMap<string, AnyHandler>,
    capacity: Capacity,
    given: Given,
  ) {
    this.mailbox = mailbox;
    this.#host = hostOf(env, clients, mailbox);
    this.#given = given;
    this.#backlog = new Backlog(this.#host, capacity);
    this.#handlers = handlers;
    this.#figures = new Map([...handlers.keys()].map((message) => [message, new Figures()]));
    this.#endpoints = new Map([...handlers].map(([message, handler]) => [message, this.#endpoint(message, handler)]));
    const subscriptions = mailboxSubscriptions(env, mailbox.name, [...handlers.keys()], {
      toAny: (message) => this.#receiverOf(message),
      toInstance: (message, msg) => this.#toInstance(message, msg),
      toEveryone: (message, msg) => this.#toEveryone(message, msg),
      cancel: (msg) => this.#cancel(msg),
    });
    this.#presence = new Presence(env, mailbox);
    const unlist = env.discovery.list({ mailbox, figures: this.#figures });
    this.receiver = new Receiver("mailbox", mailbox.name, subscriptions, this.#backlog, async () => {
      await Promise.all([this.#presence.leave(), unlist()]);
    });
  }

  /** What its endpoints share. */
  get host(): Host {
    return this.#host;
  }

  /** The endpoints for any instance, by message. */
  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.#endpoints;
  }

  #receiverOf(message: string): (msg: NatsMessage) => void {
    const endpoint = this.#endpoints.get(message);
    if (endpoint === undefined) throw new Error(`${this.mailbox.name} has no message ${message}`);
    const backlog = this.#backlog;
    return (msg) => backlog.admit(endpoint, msg);
  }

  #toInstance(message: string, msg: NatsMessage): void {
    if (message === cancelToken) return this.#cancel(msg);
    if (message === watchToken) return this.#presence.watched(msg);
    const endpoint = this.#endpoints.get(message);
    if (endpoint !== undefined) this.#backlog.admit(endpoint, msg);
    else this.#refuse(message, msg, undefined);
  }

  #toEveryone(message: string, msg: NatsMessage): void {
    if (message === watchToken) return this.#presence.watched(msg);
    const endpoint = this.#signedEndpoint(message);
    if (endpoint !== undefined) this.#backlog.admit(endpoint, msg);
    else this.#refuse(message, msg, this.#host.env.from);
  }

  #refuse(message: string, msg: NatsMessage, signature: string | undefined): void {
    this.#backlog.refuseUnknown(this.mailbox.name, message, msg, signature);
  }

  #cancel(msg: NatsMessage): void {
    const call = readCancellation(msg);
    if (call !== undefined) this.#backlog.cancel(call);
  }

  #signedEndpoint(message: string): Endpoint | undefined {
    const known = this.#signed.get(message);
    const handler = this.#handlers.get(message);
    if (known !== undefined || handler === undefined) return known;
    const endpoint = this.#endpoint(message, handler, this.#host.env.from);
    this.#signed.set(message, endpoint);
    return endpoint;
  }

  /** @param signature the sender to put into answers, if they need one. */
  #endpoint(message: string, handler: AnyHandler, signature?: string): Endpoint {
    const { name, messages } = this.mailbox;
    const [definition, figures] = [messages[message], this.#figures.get(message)];
    if (definition === undefined || figures === undefined) throw new Error(`${name} has no message ${message}`);
    const subject = messageSubject(this.#host.env.prefix, name, message);
    const { handlerTimeout: timeouts, serial } = this.#given;
    const [address, handlerTimeout] = [`${name}.${message}`, overrideFor(message, timeouts)];
    return new Endpoint({
      address,
      subject,
      definition,
      figures,
      handler,
      handlerTimeout,
      serial: serial.has(message),
      signature,
    });
  }
}
