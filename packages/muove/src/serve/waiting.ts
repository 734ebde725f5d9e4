import type { Message } from "../link/index.js";
import type { RequestHeaders } from "../wire/headers.js";
import type { Admitted } from "./intake.js";
import type { Cancellable } from "./open-calls.js";
import type { ServedMessage } from "./served-message.js";

/** A message that waits for its turn. */
export class Waiting implements Admitted, Cancellable {
  readonly served: ServedMessage;
  readonly msg: Message;
  readonly headers: RequestHeaders;
  readonly reply: string;
  readonly admittedAt: number;
  readonly endsAt: number;
  readonly #onCancel: (waiting: Waiting) => void;
  #cancelled = false;

  constructor(
    served: ServedMessage,
    msg: Message,
    headers: RequestHeaders,
    reply: string,
    admittedAt: number,
    endsAt: number,
    onCancel: (waiting: Waiting) => void,
  ) {
    this.served = served;
    this.msg = msg;
    this.headers = headers;
    this.reply = reply;
    this.admittedAt = admittedAt;
    this.endsAt = endsAt;
    this.#onCancel = onCancel;
  }

  /** Its caller gave up: it never runs. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#onCancel(this);
  }
}
