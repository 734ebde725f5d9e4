import type { NatsMessage } from "../link/index.js";

/** A sent request that waits for replies. Its methods may be called until {@link Inbox.close} is. */
export interface PendingReply {
  /** Drawn by {@link nonce}. Only a receiver of the request knows it and can answer. */
  readonly nonce: string;
  /** The subject that it was published to. */
  readonly subject: string;
  /** A message arrived at its reply subject. It may be something other than a reply. */
  received(message: NatsMessage): void;
  /** The connection was lost, or the inbox, so the reply may never come. */
  lost(): void;
  /** The bus's permissions refused its publication. */
  forbidden(): void;
}

/**
 * Keeps pending sends by token itself. For a sender of so many one-way messages that registering each would cost as
 * much as sending it.
 */
export interface Ledger {
  /** The number of pending sends. */
  readonly size: number;
  /** The nonce of the pending send with that token, or undefined. */
  nonceOf(token: number): string | undefined;
  /** A message arrived for a pending token. */
  received(token: number, message: NatsMessage): void;
  /** Like {@link PendingReply.lost}, for all pending sends. */
  lost(): void;
  /** The tokens of the pending sends to that subject, oldest first. */
  tokensTo(subject: string): readonly number[];
  /** Like {@link PendingReply.forbidden}. */
  forbidden(token: number): void;
}
