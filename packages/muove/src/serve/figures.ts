/** Why a message got no answer that its contract declares, as far as the mailbox knows. */
export type FailureReason = "rejected" | "refused" | "overloaded" | "expired" | "overdue" | "crashed" | "replyTooLarge";

/** The letters of a durable message, at all instances together. */
export interface LetterCounts {
  readonly waiting: number;
  readonly inWork: number;
  readonly putAside: number;
  readonly dead: number;
  readonly paused: boolean;
}

/** The statistics of an endpoint. Plain counters, because they are on the path of every message. */
export class Figures {
  /** All messages, refused ones included. */
  received = 0;
  /** Messages whose handler is done. */
  handled = 0;
  /** Total time of the handled messages, from decoding the input to sending the answer, in ms. */
  time = 0;
  /** Answers with an error that the contract declares. */
  failed = 0;
  readonly failures: Record<FailureReason, number> = {
    rejected: 0,
    refused: 0,
    overloaded: 0,
    expired: 0,
    overdue: 0,
    crashed: 0,
    replyTooLarge: 0,
  };
  /** What JetStream keeps of a durable message; `undefined` if nobody knows. */
  letters: LetterCounts | undefined;
  #last: FailureReason | undefined;
  #crash = "";

  done(time: number): void {
    this.handled++;
    this.time += time;
  }

  failure(reason: FailureReason): void {
    this.failures[reason]++;
    this.#last = reason;
  }

  /** @param crash the id in the log. */
  crashed(crash: string): void {
    this.failure("crashed");
    this.#crash = crash;
  }

  /** Describes the last failure, without input or error, because others may read it. Empty if there was none. */
  get lastFailure(): string {
    if (this.#last === undefined) return "";
    return this.#last === "crashed"
      ? `${descriptions.crashed}, see its log for ${this.#crash}`
      : descriptions[this.#last];
  }
}

const descriptions: Readonly<Record<FailureReason, string>> = {
  rejected: "rejected: a message broke the contract",
  refused: "refused: a step refused a message",
  overloaded: "overloaded: the mailbox was full, or could not answer in time",
  expired: "expired: a message arrived after its deadline",
  overdue: "overdue: a handler exceeded its deadline",
  crashed: "crashed: a handler threw",
  replyTooLarge: "reply-too-large: a reply exceeded the server's max_payload",
};
