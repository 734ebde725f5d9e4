import type { Awaiting, Inbox } from "../inbox/inbox.js";
import type { Message } from "../link/index.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { isNoResponders } from "../wire/no-responders.js";
import type { Letter } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** Takes a cast that is known, or feared, to have reached nobody. */
export type Bury = (letter: Letter, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]) => void;

/** A cast of which it is not yet known that it went through. It ends once: as a dead letter, or as nothing. */
export class PendingCast implements Awaiting {
  readonly #inbox: Inbox;
  readonly #letter: Letter;
  readonly #bury: Bury;
  readonly #token: number;
  #ended = false;

  constructor(inbox: Inbox, letter: Letter, bury: Bury) {
    this.#inbox = inbox;
    this.#letter = letter;
    this.#bury = bury;
    this.#token = inbox.open(this);
  }

  get subject(): string {
    return this.#letter.target.subject;
  }

  get replySubject(): string {
    return this.#inbox.subject(this.#token);
  }

  /** Nobody answers a cast but the server, to say that nobody listens. */
  received(message: Message): void {
    if (isNoResponders(message)) this.#die("absent", "no");
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
    this.#inbox.close(this.#token);
  }

  #die(reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void {
    if (this.#ended) return;
    this.end();
    this.#bury(this.#letter, reason, delivered);
  }
}
