import type { NatsMessage, Origin } from "../link/index.js";
import type { IncomingOperation } from "../telemetry/incoming.js";
import type { RequestHeaders } from "../wire/headers.js";
import type { MessageContext } from "./context.js";
import type { Endpoint } from "./endpoint.js";
import type { HeldLetter } from "./held-letter.js";
import type { Cancellable } from "./open-calls.js";
import type { Replier } from "./replier.js";

/** An admitted message for an endpoint, not yet decoded. */
export class Delivery implements Cancellable {
  readonly endpoint: Endpoint;
  readonly msg: NatsMessage;
  readonly headers: RequestHeaders;
  /** The reply subject; empty if nobody waits for an answer. */
  readonly reply: string;
  /** On the clock of `performance.now()`. */
  readonly admittedAt: number;
  /** The key that it shares turns with; `undefined` if it may run beside any other. */
  readonly key: string | undefined;
  /** When its caller gives up, on the same clock; never for a cast or an event. */
  readonly endsAt: number;
  /** For a durable cast that is kept. */
  readonly letter: HeldLetter | undefined;
  readonly #onCancel: (delivery: Delivery) => void;
  #cancelled = false;

  constructor(
    endpoint: Endpoint,
    msg: NatsMessage,
    headers: RequestHeaders,
    reply: string,
    key: string | undefined,
    admittedAt: number,
    endsAt: number,
    onCancel: (delivery: Delivery) => void,
    letter?: HeldLetter,
  ) {
    this.endpoint = endpoint;
    this.msg = msg;
    this.headers = headers;
    this.reply = reply;
    this.key = key;
    this.admittedAt = admittedAt;
    this.endsAt = endsAt;
    this.#onCancel = onCancel;
    this.letter = letter;
  }

  /** Whether its caller gave up while it waited. Then it never runs. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether its caller still waits for an answer on this connection. */
  isDueOn(origin: Origin, now: number): boolean {
    return this.msg.origin === origin && this.reply !== "" && this.endsAt > now;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#onCancel(this);
  }
}

/** A delivery that was decoded and satisfies the contract. */
export interface OpenDelivery {
  readonly delivery: Delivery;
  readonly endpoint: Endpoint;
  readonly input: unknown;
  readonly context: MessageContext;
  /** `undefined` for a cast or an event. */
  readonly replier: Replier | undefined;
  /** `undefined` without telemetry. */
  readonly operation: IncomingOperation | undefined;
}
