import type { Tags } from "../address/tags.js";
import type { Letterbox } from "../letterbox/letterbox.js";
import type { LetterFigures } from "../letters/letter-figures.js";
import type { LinkState, LinkStatus } from "../link/index.js";
import type { Counts, OutcomeCounts } from "../outcome/counts.js";
import type { Peer } from "../peers/peer.js";
import type { OpenListener } from "../serve/open-listener.js";
import type { OpenMailbox } from "../serve/open-mailbox.js";
import type { Receiver, ReceiverState } from "../serve/receiver.js";

/** A snapshot of the connection to NATS. */
export interface ConnectionStatus {
  readonly state: LinkState;
  /** When it entered that state, in ms since the epoch. */
  readonly since: number;
  /** `host:port`, while it is up. */
  readonly server?: string;
  /** The last error, unless it is up. */
  readonly lastError?: { readonly name: string; readonly message: string };
  /** Attempts to connect since it was last up. */
  readonly attempts: number;
}

/** The status of a link as JSON-safe data: JSON would drop the message of an error. */
export function connectionStatus({ lastError, ...status }: LinkStatus): ConnectionStatus {
  return lastError === undefined
    ? status
    : { ...status, lastError: { name: lastError.name, message: lastError.message } };
}

/** A snapshot of a bus, as JSON-safe data. It does not change afterwards. */
export interface BusStatus {
  readonly service: string;
  readonly instance: string;
  readonly tags: Tags;
  readonly connection: ConnectionStatus;
  readonly mailboxes: readonly MailboxStatus[];
  /** Listeners to events of mailboxes, not to the bus's own. */
  readonly listeners: readonly ListenerStatus[];
  /**
   * The addresses that this bus has called: each message of the contracts, with up to 1,024 for specific tags and
   * instances. The least recently used of those are forgotten; `counts.outcomes` has them all.
   */
  readonly peers: readonly PeerStatus[];
  /** Calls and casts that wait for a reply. */
  readonly pending: number;
  /** Counted since the bus was made. */
  readonly counts: Readonly<Counts> & {
    /** Replies that no request waits for: late, repeated, or unrequested. */
    readonly strayReplies: number;
  };
}

export interface PeerStatus {
  /** Such as `pricing.quote`, with `@` and the tags or the instance, `{key}` or `*`, if calls were addressed to those. */
  readonly address: string;
  readonly circuit: "closed" | "open";
  /** How many calls ended in which way; those ways that there were. */
  readonly outcomes: Readonly<Partial<OutcomeCounts>>;
}

/** The common part of the status of a mailbox and a listener. */
export interface ReceiverStatus {
  readonly state: ReceiverState;
  /**
   * Subjects that NATS refuses: permissions, or the limit of subscriptions. A mailbox can still be open: then only some of its addresses are missing,
   * such as that of this instance, or its tags.
   */
  readonly forbidden: readonly string[];
  /** Admitted messages that wait for a handler. */
  readonly waiting: number;
  /** How many may wait; see `serve()` and `bus.on()`. */
  readonly backlog: number;
  /** Running handlers that have not exceeded their deadline. */
  readonly running: number;
  /** How many may run. */
  readonly concurrency: number;
}

export interface MailboxStatus extends ReceiverStatus {
  readonly name: string;
  readonly version: string;
  /** Its kept mail, if it has durable messages. */
  readonly letters?: LettersStatus;
}

export interface LettersStatus {
  /** Admitted letters that wait for a slot of this instance, and running handlers. */
  readonly inHand: number;
  readonly running: number;
  /** All letters of the mailbox, as JetStream counted them in the last few seconds; not there while nobody knows. */
  readonly kept?: LetterFigures;
}

export interface ListenerStatus extends ReceiverStatus {
  readonly mailbox: string;
  readonly event: string;
  /** The group that it shares its event with. */
  readonly group?: string;
}

export function peerStatuses(peers: Iterable<Peer>): PeerStatus[] {
  return [...peers].flatMap(({ address, circuits, outcomes }) => {
    const seen = Object.entries(outcomes).filter(([, count]) => count > 0);
    if (seen.length === 0) return [];
    return { address, circuit: circuits.open ? "open" : "closed", outcomes: Object.fromEntries(seen) };
  });
}

/** A copy, which does not change afterwards. */
export function countsNow(counts: Counts, strayReplies: number): BusStatus["counts"] {
  const { outcomes, deadLettersByReason } = counts;
  return { ...counts, outcomes: { ...outcomes }, deadLettersByReason: { ...deadLettersByReason }, strayReplies };
}

export function mailboxStatus(
  { mailbox: { name, version }, receiver }: OpenMailbox,
  letterbox: Letterbox | undefined,
): MailboxStatus {
  const letters = letterbox === undefined ? {} : { letters: lettersStatus(letterbox) };
  return { name, version, ...receiverStatus(receiver), ...letters };
}

function lettersStatus({ work: { waiting: inHand, running }, figures: kept }: Letterbox): LettersStatus {
  return { inHand, running, ...(kept !== undefined && { kept }) };
}

export function listenerStatus({ event: { mailbox, event }, group, receiver }: OpenListener): ListenerStatus {
  return { mailbox, event, ...(group !== undefined && { group }), ...receiverStatus(receiver) };
}

function receiverStatus({ state, forbidden, work: { waiting, running, capacity } }: Receiver): ReceiverStatus {
  const { backlog, concurrency } = capacity;
  return { state, forbidden, waiting, backlog, running, concurrency };
}
