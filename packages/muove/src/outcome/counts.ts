import type { DeadLetter } from "./dead-letter.js";
import type { NoAnswer } from "./outcome.js";

/** Numbers of outcomes: `ok`, `failed`, and the others by their reason. */
export type OutcomeCounts = Record<"ok" | "failed" | NoAnswer["reason"], number>;

/** Counters of a bus since it was created. */
export interface Counts {
  /** Calls made. */
  calls: number;
  /** How they ended, retries and lookups included. A call to everyone has an outcome for each instance. */
  readonly outcomes: OutcomeCounts;
  /** Retries of calls. */
  retries: number;
  /** Answers by fallbacks. */
  degraded: number;
  /** Casts handed to the connection. */
  casts: number;
  /** Casts that were dropped because there was no connection. */
  droppedCasts: number;
  /** Durable casts that are stored. */
  stored: number;
  /** Events handed to the connection. */
  events: number;
  /** Events that were dropped because there was no connection. */
  droppedEvents: number;
  /** Casts and events that reached nobody, or may have. */
  deadLetters: number;
  /** The same, by reason. */
  readonly deadLettersByReason: Record<DeadLetter["reason"], number>;
  /** Messages received for this service's mailboxes and event listeners. */
  received: number;
  /** Messages refused because they break the contract or cannot be decoded. */
  rejected: number;
  /** Messages that a step around handlers refused; see `bus.use`. */
  refused: number;
  /**
   * Messages refused because too many were waiting or they could not be answered in time, and events dropped for the
   * same reason.
   */
  overloaded: number;
  /** Messages dropped unread because they had expired. */
  expired: number;
  /** Handlers that outlived their deadline. */
  overdue: number;
  /** Handlers that were still running when the time of a `close()` or `stop()` was over. */
  interrupted: number;
  /** Handlers that threw. */
  crashed: number;
  /** Letters that were handled, put aside to be tried later, and made dead letters. */
  lettersHandled: number;
  lettersPutAside: number;
  lettersBuried: number;
  /** Letters that another instance got, because this one could not keep its hold on them. */
  lettersLost: number;
  /** Requests refused because their reply subject is not an inbox; see `replyPrefixes` of `connect()`. */
  refusedReplySubjects: number;
  /** Acknowledgements by a JetStream stream that captures requests. They are not replies. */
  streamAcknowledgements: number;
  /** Replies to calls to everyone that do not name their sender, and so count for no instance. */
  unsignedReplies: number;
  /** How often callers said that they cannot read a reply of a mailbox that this service serves. */
  unreadableReplies: number;
}

export const newOutcomeCounts = (): OutcomeCounts => ({
  ok: 0,
  failed: 0,
  unreachable: 0,
  absent: 0,
  overloaded: 0,
  draining: 0,
  timeout: 0,
  "circuit-open": 0,
  forbidden: 0,
  expired: 0,
  cancelled: 0,
  crashed: 0,
  "reply-too-large": 0,
  "invalid-reply": 0,
  rejected: 0,
  refused: 0,
  "unknown-message": 0,
});

export const newCounts = (): Counts => ({
  calls: 0,
  outcomes: newOutcomeCounts(),
  retries: 0,
  degraded: 0,
  casts: 0,
  droppedCasts: 0,
  stored: 0,
  events: 0,
  droppedEvents: 0,
  deadLetters: 0,
  deadLettersByReason: {
    absent: 0,
    unreachable: 0,
    forbidden: 0,
    "no-store": 0,
    "store-conflict": 0,
    overloaded: 0,
    timeout: 0,
    expired: 0,
    cancelled: 0,
  },
  received: 0,
  rejected: 0,
  refused: 0,
  overloaded: 0,
  expired: 0,
  overdue: 0,
  interrupted: 0,
  crashed: 0,
  lettersHandled: 0,
  lettersPutAside: 0,
  lettersBuried: 0,
  lettersLost: 0,
  refusedReplySubjects: 0,
  streamAcknowledgements: 0,
  unsignedReplies: 0,
  unreadableReplies: 0,
});
