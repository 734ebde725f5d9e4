import type { Msg } from "@nats-io/nats-core";
import type { Core } from "../bus/core.js";
import type { Awaiting } from "../inbox/inbox.js";
import { isNoResponders } from "../wire/no-responders.js";
import type { DeadLetter } from "./dead-letter.js";
import type { Letter } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** A cast of which it is not yet known that it went through. It ends once: as a dead letter, or as nothing. */
export class PendingCast implements Awaiting {
  readonly #core: Core;
  readonly #letter: Letter;
  readonly #token: string;
  #ended = false;

  constructor(core: Core, letter: Letter) {
    this.#core = core;
    this.#letter = letter;
    this.#token = core.inbox.open(this);
  }

  get subject(): string {
    return this.#letter.target.subject;
  }

  get replySubject(): string {
    return this.#core.inbox.subject(this.#token);
  }

  /** Nobody answers a cast but the server, to say that nobody listens. */
  received(msg: Msg): void {
    if (isNoResponders(msg)) this.#die("absent", "no");
  }

  lost(): void {
    this.#die("unreachable", "maybe");
  }

  forbidden(): void {
    this.#die("forbidden", "no");
  }

  /** It reached the server and was not refused; or it was never sent. */
  end(): void {
    this.#ended = true;
    this.#core.inbox.close(this.#token);
  }

  #die(reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void {
    if (this.#ended) return;
    this.end();
    const { target, input } = this.#letter;
    this.#core.deadLetters.add(target, input, reason, delivered);
  }
}
