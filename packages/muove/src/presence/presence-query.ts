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

/** Callbacks for the answers to a query. */
export interface PresenceAnswers {
  /** An instance answered. */
  card(card: Card): void;
  /** The server says that nobody listens. */
  nobody(): void;
  /** A stream captures the query, so the server never says that nobody listens. */
  captured(): void;
  /** The permissions of this service's NATS user refuse the query. */
  forbidden(): void;
}

/** Asks instances whether they are there, and to send beats from now on. It takes answers until it is closed. */
export class PresenceQuery implements PendingReply {
  readonly nonce = nonce();
  readonly subject: string;
  readonly #env: QueryEnvironment;
  readonly #answers: PresenceAnswers;
  readonly #token: number;
  readonly #reply: string;

  constructor(env: QueryEnvironment, subject: string, pulse: Pulse, answers: PresenceAnswers) {
    this.#env = env;
    this.subject = subject;
    this.#answers = answers;
    this.#token = env.inbox.open(this);
    this.#reply = env.inbox.subject(this.nonce, this.#token);
    this.repeat(pulse);
  }

  /** Sends the query again. An answer to either one counts. */
  repeat(pulse: Pulse): void {
    this.#env.link.publish(this.subject, watchOf(pulse), { reply: this.#reply });
  }

  received(message: NatsMessage): void {
    if (isNoResponders(message)) return this.#answers.nobody();
    const value = read(message);
    const card = readCard(value);
    if (card !== undefined) this.#answers.card(card);
    else if (isStreamAcknowledgement(value)) this.#answers.captured();
  }

  /** The owner of the query hears of the loss and asks again. */
  lost(): void {}

  forbidden(): void {
    this.#answers.forbidden();
  }

  close(): void {
    this.#env.inbox.close(this.#token);
  }
}
