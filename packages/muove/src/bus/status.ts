import type { Tags } from "../address/tags.js";
import type { LinkState, LinkStatus } from "../link/index.js";
import type { Counts } from "../outcome/counts.js";
import type { OpenListener } from "../serve/open-listener.js";
import type { OpenMailbox } from "../serve/open-mailbox.js";
import type { Receiver, ReceiverState } from "../serve/receiver.js";

/** The connection to NATS at one moment. */
export interface ConnectionStatus {
  readonly state: LinkState;
  /** Since when it is in that state, in ms since the epoch. */
  readonly since: number;
  /** `host:port`, while it is up. */
  readonly server?: string;
  /** What went wrong last, unless it is up. */
  readonly lastError?: { readonly name: string; readonly message: string };
  /** Attempts to connect since it was last up. */
  readonly attempts: number;
}

/** The status of a link as a value that JSON can carry: an error would lose its message. */
export function connectionStatus({ lastError, ...status }: LinkStatus): ConnectionStatus {
  return lastError === undefined
    ? status
    : { ...status, lastError: { name: lastError.name, message: lastError.message } };
}

/** A bus at one moment. A value that JSON can carry; it does not change afterwards. */
export interface BusStatus {
  readonly service: string;
  readonly instance: string;
  readonly tags: Tags;
  readonly connection: ConnectionStatus;
  readonly mailboxes: readonly MailboxStatus[];
  /** Those of events; not of the bus's own. */
  readonly listeners: readonly ListenerStatus[];
  /** Calls and casts that wait for something to come back. */
  readonly pending: number;
  /** Since the bus was made. */
  readonly counts: Readonly<Counts> & {
    /** Replies that found nobody: late, repeated, or never asked for. */
    readonly strayReplies: number;
  };
}

/** What a mailbox and a listener have in common. */
export interface ReceiverStatus {
  readonly state: ReceiverState;
  /**
   * Subjects that the permissions of this service's NATS user refuse to it. A mailbox can still be open: then only some of
   * its addresses are missing, such as that of this instance, or its tags.
   */
  readonly forbidden: readonly string[];
  /** Messages that were admitted and wait for a handler. */
  readonly waiting: number;
  /** Handlers that run and have not outlived their deadline. */
  readonly running: number;
}

export interface MailboxStatus extends ReceiverStatus {
  readonly name: string;
  readonly version: string;
}

export interface ListenerStatus extends ReceiverStatus {
  readonly mailbox: string;
  readonly event: string;
  /** The group that it shares in. */
  readonly group?: string;
}

export function mailboxStatus({ mailbox: { name, version }, receiver }: OpenMailbox): MailboxStatus {
  return { name, version, ...receiverStatus(receiver) };
}

export function listenerStatus({ event: { mailbox, event }, group, receiver }: OpenListener): ListenerStatus {
  return { mailbox, event, ...(group !== undefined && { group }), ...receiverStatus(receiver) };
}

function receiverStatus({ state, forbidden, work: { waiting, running } }: Receiver): ReceiverStatus {
  return { state, forbidden, waiting, running };
}
