import type { LinkStatus } from "../link/index.js";
import type { MailboxState } from "../serve/open-mailbox.js";
import type { Counts } from "./counts.js";

/** A bus at one moment. A value: it does not change afterwards. */
export interface BusStatus {
  readonly service: string;
  readonly instance: string;
  /** The connection to NATS: its state, since when, to which server, and what went wrong last. */
  readonly connection: LinkStatus;
  readonly mailboxes: readonly MailboxStatus[];
  /** Calls and casts that wait for something to come back. */
  readonly pending: number;
  /** Since the bus was made. */
  readonly counts: Readonly<Counts> & {
    /** Replies that found nobody: late, repeated, or never asked for. */
    readonly strayReplies: number;
  };
}

export interface MailboxStatus {
  readonly name: string;
  readonly version: string;
  readonly state: MailboxState;
  /** Messages that were admitted and wait for a handler. */
  readonly waiting: number;
  /** Handlers that run and have not outlived their deadline. */
  readonly running: number;
}
