import type { Message } from "../link/index.js";
import type { IncomingOperation } from "../telemetry/incoming.js";
import type { RequestHeaders } from "../wire/headers.js";
import type { MessageContext } from "./context.js";
import type { Endpoint } from "./endpoint.js";
import type { Cancellable } from "./open-calls.js";
import type { Replier } from "./replier.js";

/** A message that was admitted, for one endpoint: still the bytes that came. */
export class Delivery implements Cancellable {
  readonly endpoint: Endpoint;
  readonly msg: Message;
  readonly headers: RequestHeaders;
  /** Where its answer goes; empty where none does. */
  readonly reply: string;
  /** Since when it is here, on the clock of `performance.now()`. */
  readonly admittedAt: number;
  /** When nobody waits for its answer any more, on the same clock; never for a cast or an event. */
  readonly endsAt: number;
  readonly #onCancel: (delivery: Delivery) => void;
  #cancelled = false;

  constructor(
    endpoint: Endpoint,
    msg: Message,
    headers: RequestHeaders,
    reply: string,
    admittedAt: number,
    endsAt: number,
    onCancel: (delivery: Delivery) => void,
  ) {
    this.endpoint = endpoint;
    this.msg = msg;
    this.headers = headers;
    this.reply = reply;
    this.admittedAt = admittedAt;
    this.endsAt = endsAt;
    this.#onCancel = onCancel;
  }

  /** Its caller gave up while it waited: it never runs. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#onCancel(this);
  }
}

/** A delivery whose bytes were read, and found to be what the contract asks for. */
export interface OpenDelivery {
  readonly endpoint: Endpoint;
  readonly input: unknown;
  readonly context: MessageContext;
  /** Where its answer goes; nobody answers a cast or an event. */
  readonly replier: Replier | undefined;
  /** Who tells of it; nobody where no telemetry is listened to. */
  readonly operation: IncomingOperation | undefined;
}
