/** What a bus has counted since it was made. */
export interface Counts {
  /** Calls made. */
  calls: number;
  /** Calls sent again. */
  retries: number;
  /** Answers that a fallback gave. */
  degraded: number;
  /** Casts handed to the connection. */
  casts: number;
  /** Casts that were not sent, since there was no connection and they may be dropped. */
  droppedCasts: number;
  /** Events handed to the connection. */
  events: number;
  /** Events that were not published, since there was no connection and they may be dropped. */
  droppedEvents: number;
  /** Casts and events known, or feared, to have reached nobody. */
  deadLetters: number;
  /** Messages that came for the mailboxes served and the events listened to here. */
  received: number;
  /** Messages refused because they break the contract, or are no messages at all. */
  rejected: number;
  /**
   * Messages refused because too many were waiting or they could not be answered in time; of events, the dropped ones.
   */
  overloaded: number;
  /** Messages that were dropped unseen, since they had expired. */
  expired: number;
  /** Handlers that outlived their deadline. */
  overdue: number;
  /** Handlers that threw. */
  crashed: number;
  /** Requests that were refused, since their reply subject is no inbox: see `replyPrefixes` of `connect()`. */
  refusedReplySubjects: number;
  /** Acknowledgements by a JetStream stream that captures requests, which are no replies. */
  streamAcknowledgements: number;
  /** Replies to calls to everyone that do not say whose they are, and count for nobody. */
  unsignedReplies: number;
}

export const newCounts = (): Counts => ({
  calls: 0,
  retries: 0,
  degraded: 0,
  casts: 0,
  droppedCasts: 0,
  events: 0,
  droppedEvents: 0,
  deadLetters: 0,
  received: 0,
  rejected: 0,
  overloaded: 0,
  expired: 0,
  overdue: 0,
  crashed: 0,
  refusedReplySubjects: 0,
  streamAcknowledgements: 0,
  unsignedReplies: 0,
});
