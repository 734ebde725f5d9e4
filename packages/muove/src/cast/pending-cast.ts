import type { Msg } from "@nats-io/nats-core";
import type { Core } from "../bus/core.js";
import type { Awaiting } from "../inbox/inbox.js";
import { isNoResponders } from "../wire/no-responders.js";
import type { Target } from "../wire/outgoing.js";
import type { DeadLetter } from "./dead-letter.js";

/** A cast of which it is not yet known that it went through. It ends once: as a dead letter, or as nothing. */
export class PendingCast implements Awaiting {
  readonly #core: Core;
  readonly #target: Target;
  readonly #input: unknown;
  readonly #token: string;
  #ended = false;

  constructor(core: Core, target: Target, input: unknown) {
    this.#core = core;
    this.#target = target;
    this.#input = input;
    this.#token = core.inbox.open(this);
  }

  get subject(): string {
    return this.#target.subject;
  }

  get replySubject(): string {
    return this.#core.inbox.subject(this.#token);
  }

  /** Nobody answers a cast but the server, to say that nobody listens. */
  received(msg: Msg): void {
    if (isNoResponders(msg)) this.#die("absent", "no");
  }

  lost(delivered: "no" | "maybe" = "maybe"): void {
    this.#die("unreachable", delivered);
  }

  forbidden(): void {
    this.#die("forbidden", "no");
  }

  /** It reached the server and was not refused. */
  through(): void {
    this.#end();
  }

  #die(reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void {
    if (this.#ended) return;
    this.#end();
    const { mailbox, message } = this.#target;
    this.#core.deadLetters.add({ mailbox, message, input: this.#input, reason, delivered });
  }

  #end(): void {
    this.#ended = true;
    this.#core.inbox.close(this.#token);
  }
}
