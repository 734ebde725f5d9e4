import { performance } from "../base/timers.js";
import type { Link } from "../link/index.js";
import type { Ledger, PendingReply } from "./pending-reply.js";
import type { SlotTable } from "./slot-table.js";

/** Within this time, in ms, a server has reported a refusal, or the connection was found to be silent. */
const saidWithin = 10_000;
const maxUnanswered = 1_024;

interface Unanswered {
  readonly subject: string;
  readonly token: number;
  readonly at: number;
}

/** Requests of which the server refused some. */
interface Doubt {
  /** Those that still wait. */
  readonly tokens: Set<number>;
  /** How many were refused, less those that may have been and wait no more. */
  refused: number;
}

/**
 * Finds out which publications the server refused. The server reports only the subject, once per refusal. If several
 * publications to it are pending, it may mean any of them, because permissions can change while a bus runs.
 *
 * PUBLISH-REFUSALS-1 A refusal is attributed only if it is certain: there are as many refusals as candidate
 *   publications. Otherwise they all keep waiting: each answer to one of them leaves fewer that may be meant.
 * PUBLISH-REFUSALS-2 Every refusal before a PING is known at its PONG, so publications before that PING are no
 *   candidates for later refusals.
 */
export class PublishRefusals {
  readonly #link: Link;
  readonly #open: SlotTable<PendingReply>;
  readonly #ledger: () => Ledger | undefined;
  readonly #refusals = new Map<string, number>();
  readonly #doubts = new Set<Doubt>();
  /** Requests that stopped waiting without an answer. The server may have refused them too. */
  #unanswered: Unanswered[] = [];
  /** PUBLISH-REFUSALS-2: all tokens below this one are settled. */
  #settledBelow = 0;
  /** Below this token, not all unanswered requests are remembered. */
  #forgottenBelow = 0;
  #settled: Promise<void> | undefined;

  constructor(link: Link, open: SlotTable<PendingReply>, ledger: () => Ledger | undefined) {
    this.#link = link;
    this.#open = open;
    this.#ledger = ledger;
  }

  /** Resolves when all refusals so far are attributed. Undefined if they are already. */
  get settled(): Promise<void> | undefined {
    return this.#settled;
  }

  /** The server refused one publication to that subject. */
  add(subject: string): void {
    this.#refusals.set(subject, (this.#refusals.get(subject) ?? 0) + 1);
    if (this.#settled === undefined) this.#check();
  }

  /** A request was answered, so the server did not refuse it. */
  answered(token: number): void {
    for (const doubt of this.#doubts) if (doubt.tokens.delete(token)) this.#decide(doubt);
  }

  /** A request stopped waiting without any reply. */
  unanswered(subject: string, token: number): void {
    for (const doubt of this.#doubts) {
      if (!doubt.tokens.delete(token)) continue;
      doubt.refused--;
      this.#decide(doubt);
    }
    const now = performance.now();
    if (this.#unanswered.length >= maxUnanswered) this.#forgetOld(now);
    this.#unanswered.push({ subject, token, at: now });
  }

  /** A new connection cannot report refusals of the old one. */
  lost(): void {
    this.#refusals.clear();
    this.#doubts.clear();
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
    if (this.#forgottenBelow > this.#settledBelow) return [];
    const refused = count - gone.length;
    if (refused === meant.length) return meant;
    // What is sent without waiting is never answered.
    if (refused > 0 && refused < meant.length && sent.length === 0) {
      this.#doubts.add({ tokens: new Set(meant), refused });
    }
    return [];
  }

  #decide(doubt: Doubt): void {
    const { tokens, refused } = doubt;
    if (refused > 0 && tokens.size > refused) return;
    this.#doubts.delete(doubt);
    if (tokens.size === refused) for (const token of tokens) this.#tell(token);
  }

  #tell(token: number): void {
    const awaiting = this.#open.get(token);
    if (awaiting === undefined) this.#ledger()?.forbidden(token);
    else awaiting.forbidden();
  }

  #forgetOld(now: number): void {
    this.#unanswered = this.#unanswered.filter(({ at }) => now - at < saidWithin);
    if (this.#unanswered.length < maxUnanswered) return;
    this.#forgottenBelow = this.#open.next;
    this.#unanswered = [];
  }
}
