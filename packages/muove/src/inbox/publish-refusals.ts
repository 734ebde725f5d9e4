import type { Link } from "../link/index.js";
import type { Ledger, PendingReply } from "./pending-reply.js";
import type { SlotTable } from "./slot-table.js";

/** By then a server has said what it refused, in ms, or the connection was found to be silent. */
const saidWithin = 10_000;
const mostUnanswered = 1_024;

interface Unanswered {
  readonly subject: string;
  readonly token: number;
  readonly at: number;
}

/**
 * Finds out which publications the server refused. It names the subject only, once for each of them; of several that
 * wait, any may be meant, since permissions change while a bus runs.
 *
 * PUBLISH-REFUSALS-1 Only what is certain is told: as many refusals came as there are publications that may be meant.
 *   Others wait on, and end at their deadline as what they are, unknown.
 * PUBLISH-REFUSALS-2 All that the server refused before a PING is known at its PONG, so what was published before that
 *   is never meant again.
 */
export class PublishRefusals {
  readonly #link: Link;
  readonly #open: SlotTable<PendingReply>;
  readonly #ledger: () => Ledger | undefined;
  readonly #refusals = new Map<string, number>();
  /** What stopped waiting without an answer: the server may have refused it, too. */
  #unanswered: Unanswered[] = [];
  /** PUBLISH-REFUSALS-2: every token below is settled. */
  #settledBelow = 0;
  /** Those below that stopped waiting are not all known. */
  #forgottenBelow = 0;
  #settled: Promise<void> | undefined;

  constructor(link: Link, open: SlotTable<PendingReply>, ledger: () => Ledger | undefined) {
    this.#link = link;
    this.#open = open;
    this.#ledger = ledger;
  }

  /** Resolves when all that was refused so far was told; nothing when it was. */
  get settled(): Promise<void> | undefined {
    return this.#settled;
  }

  /** The server refused one publication to that subject. */
  add(subject: string): void {
    this.#refusals.set(subject, (this.#refusals.get(subject) ?? 0) + 1);
    if (this.#settled === undefined) this.#check();
  }

  /** Something stopped waiting, and nothing had come for it. */
  unanswered(subject: string, token: number): void {
    const now = performance.now();
    if (this.#unanswered.length >= mostUnanswered) this.#forgetOld(now);
    this.#unanswered.push({ subject, token, at: now });
  }

  /** Another connection knows nothing of what was published on this one. */
  lost(): void {
    this.#refusals.clear();
    this.#unanswered = [];
    this.#settledBelow = this.#open.next;
  }

  #check(): void {
    let [askedAt, ended] = [0, false];
    const settled = new Promise<void>((resolve) => {
      this.#link.check({
        asked: () => {
          askedAt = this.#open.next;
        },
        ended: (answered) => {
          ended = true;
          this.#settled = undefined;
          if (answered) this.#settle(askedAt);
          resolve();
        },
      });
    });
    if (!ended) this.#settled = settled;
  }

  #settle(askedAt: number): void {
    const refused = [...this.#refusals].map(([subject, count]) => this.#certain(subject, count, askedAt));
    this.#refusals.clear();
    this.#settledBelow = askedAt;
    this.#unanswered = this.#unanswered.filter(({ token }) => token >= askedAt);
    for (const tokens of refused) for (const token of tokens) this.#tell(token);
  }

  /** PUBLISH-REFUSALS-1 */
  #certain(subject: string, count: number, askedAt: number): readonly number[] {
    const unsettled = (token: number): boolean => token >= this.#settledBelow && token < askedAt;
    const waiting = this.#open.entries().filter(([, awaiting]) => awaiting.subject === subject);
    const sent = (this.#ledger()?.tokensTo(subject) ?? []).filter(unsettled);
    const meant = [...waiting.map(([token]) => token).filter(unsettled), ...sent];
    const gone = this.#unanswered.filter((each) => each.subject === subject && unsettled(each.token));
    const known = this.#forgottenBelow <= this.#settledBelow && gone.length + meant.length === count;
    return known ? meant : [];
  }

  #tell(token: number): void {
    const awaiting = this.#open.get(token);
    if (awaiting === undefined) this.#ledger()?.forbidden(token);
    else awaiting.forbidden();
  }

  #forgetOld(now: number): void {
    this.#unanswered = this.#unanswered.filter(({ at }) => now - at < saidWithin);
    if (this.#unanswered.length < mostUnanswered) return;
    this.#forgottenBelow = this.#open.next;
    this.#unanswered = [];
  }
}
