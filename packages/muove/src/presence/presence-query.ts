import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { NatsMessage } from "../link/index.js";
import { isNoResponders } from "../wire/no-responders.js";
import { isStreamAcknowledgement } from "../wire/stream-acknowledgement.js";
import { type Card, readCard } from "./member.js";
import type { QueryEnvironment } from "./presence-environment.js";
import type { Pulse } from "./pulse.js";
import { read, watchOf } from "./signs.js";

// docs/protocol.md, clauses W-1 and W-2.

/** What comes back from a question. */
export interface PresenceAnswers {
  /** An instance answers. */
  card(card: Card): void;
  /** The server says that nobody listens. */
  nobody(): void;
  /** A stream captures the question, so the server never says that nobody else does. */
  captured(): void;
  /** The permissions of our NATS user refuse the question. */
  forbidden(): void;
}

/** Asks who is there, and asks them to be heard from then on. It takes answers until it is closed. */
export class PresenceQuery implements PendingReply {
  readonly nonce = nonce();
  readonly subject: string;
  readonly #core: QueryEnvironment;
  readonly #answers: PresenceAnswers;
  readonly #token: number;
  readonly #reply: string;

  constructor(core: QueryEnvironment, subject: string, pulse: Pulse, answers: PresenceAnswers) {
    this.#core = core;
    this.subject = subject;
    this.#answers = answers;
    this.#token = core.inbox.open(this);
    this.#reply = core.inbox.subject(this.nonce, this.#token);
    this.repeat(pulse);
  }

  /** Asks the same again: an answer to either of them will do. */
  repeat(pulse: Pulse): void {
    this.#core.link.publish(this.subject, watchOf(pulse), { reply: this.#reply });
  }

  received(message: NatsMessage): void {
    if (isNoResponders(message)) return this.#answers.nobody();
    const value = read(message);
    const card = readCard(value);
    if (card !== undefined) this.#answers.card(card);
    else if (isStreamAcknowledgement(value)) this.#answers.captured();
  }

  /** Whoever asked hears of it, and asks again. */
  lost(): void {}

  forbidden(): void {
    this.#answers.forbidden();
  }

  close(): void {
    this.#core.inbox.close(this.#token);
  }
}
