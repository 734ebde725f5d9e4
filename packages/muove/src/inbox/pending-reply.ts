import type { NatsMessage } from "../link/index.js";

/** Something sent that waits for what comes back. Each method may be called until {@link Inbox.close} was. */
export interface PendingReply {
  /** Drawn for it by {@link nonce}: only who was sent it can answer. */
  readonly nonce: string;
  /** Where it was published. */
  readonly subject: string;
  /** Something came to its reply subject; it need not be a reply. */
  received(message: NatsMessage): void;
  /** The connection was lost: what it waits for may never come. */
  lost(): void;
  /** The bus's permissions refused its publication. */
  forbidden(): void;
}

/**
 * What knows by itself what it waits for, by token: somebody who sends so much one way that a place for each would cost
 * as much as the sending.
 */
export interface Ledger {
  /** How much waits. */
  readonly size: number;
  /** What was drawn for what waits by that token; nothing when nothing does. */
  nonceOf(token: number): string | undefined;
  /** Something came for a token that waits. */
  received(token: number, message: NatsMessage): void;
  /** As for {@link PendingReply}, of all that waits. */
  lost(): void;
  /** The tokens of all that was published there and waits, the first one first. */
  tokensTo(subject: string): readonly number[];
  /** As for {@link PendingReply}. */
  forbidden(token: number): void;
}
