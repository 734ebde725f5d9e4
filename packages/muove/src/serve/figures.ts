/** Why a message got no answer of its contract, as far as the mailbox can know. */
export type FailureReason = "rejected" | "overloaded" | "expired" | "overdue" | "crashed" | "replyTooLarge";

/**
 * What became of the messages of one endpoint since its mailbox is served. Counters and nothing else: every message passes here.
 */
export class Figures {
  /** Messages that came, whatever became of them. */
  received = 0;
  /** Messages whose handler is done. */
  handled = 0;
  /** From the start of the handler, its input being decoded, to the end of its answer; of all that were handled, in ms. */
  time = 0;
  /** Answers that were errors which the contract declares. */
  failed = 0;
  readonly troubles: Record<FailureReason, number> = {
    rejected: 0,
    overloaded: 0,
    expired: 0,
    overdue: 0,
    crashed: 0,
    replyTooLarge: 0,
  };
  #last: FailureReason | undefined;
  #crash = "";

  done(time: number): void {
    this.handled++;
    this.time += time;
  }

  trouble(trouble: FailureReason): void {
    this.troubles[trouble]++;
    this.#last = trouble;
  }

  /** @param crash what it is found by in the log. */
  crashed(crash: string): void {
    this.trouble("crashed");
    this.#crash = crash;
  }

  /** The last trouble in words, without what came or was thrown: others may read it. Empty when there was none. */
  get lastTrouble(): string {
    if (this.#last === undefined) return "";
    return this.#last === "crashed" ? `${words.crashed}, see its log for ${this.#crash}` : words[this.#last];
  }
}

const words: Readonly<Record<FailureReason, string>> = {
  rejected: "rejected: a message broke the contract",
  overloaded: "overloaded: the mailbox was full, or could not answer in time",
  expired: "expired: a message came when nobody waited for its answer any more",
  overdue: "overdue: a handler outlived its deadline",
  crashed: "crashed: a handler threw",
  replyTooLarge: "reply-too-large: an answer did not fit into a message",
};
