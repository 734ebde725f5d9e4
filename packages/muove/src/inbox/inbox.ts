import type { Link, LinkSubscription, NatsMessage, RefusalReason } from "../link/index.js";
import { nonceLength } from "./nonces.js";
import type { Ledger, PendingReply } from "./pending-reply.js";
import { PublishRefusals } from "./publish-refusals.js";
import { SlotTable } from "./slot-table.js";

/**
 * The reply inbox of a bus: one wildcard subscription, and a table of pending replies by token. (The official client's
 * `request()` also keeps one subscription per client, but creates a timer, an iterator and an error object per
 * request.)
 *
 * INBOX-1 A token is used once, so a late or repeated reply matches nothing and counts in `strays`.
 * INBOX-2 Every pending reply gets `lost()` when the connection is lost, or the server takes the inbox away: nothing waits
 *   for a reply that cannot come.
 * INBOX-3 A reply comes from a receiver of the request or from the server: each token begins with a nonce, which must
 *   match completely. All other messages are strays. (Any service may publish to an inbox, because services must be
 *   able to answer.)
 */
export class Inbox {
  readonly #prefix: string;
  readonly #subscription: LinkSubscription;
  readonly #open = new SlotTable<PendingReply>();
  readonly #refusals: PublishRefusals;
  #ledger: Ledger | undefined;
  #strays = 0;
  /** The token of the last reply. */
  #answered = -1;

  constructor(link: Link, prefix: string) {
    this.#prefix = `${prefix}.`;
    this.#refusals = new PublishRefusals(link, this.#open, () => this.#ledger);
    this.#subscription = link.subscribe(`${this.#prefix}*`, { receive: (message) => this.#receive(message) });
  }

  /** Whether the server refuses this inbox, so that no reply can come. */
  get forbidden(): boolean {
    return this.#subscription.state === "forbidden";
  }

  /** Why it is forbidden. */
  get refusal(): RefusalReason | undefined {
    return this.#subscription.refusal;
  }

  /** The number of pending replies. */
  get size(): number {
    return this.#open.size + (this.#ledger?.size ?? 0);
  }

  /** Messages that matched nothing: late, repeated, or never asked for. */
  get strays(): number {
    return this.#strays;
  }

  /** Registers a pending reply and returns its token. */
  open(awaiting: PendingReply): number {
    return this.#open.add(awaiting);
  }

  /** From now on, messages that match no pending reply go to the ledger before they count as strays. */
  keep(ledger: Ledger): void {
    this.#ledger = ledger;
  }

  /** Reserves a token for the ledger. Tokens grow. */
  reserve(): number {
    return this.#open.skip();
  }

  /** The reply subject for a token. */
  subject(nonce: string, token: number): string {
    return `${this.#prefix}${nonce}${token}`;
  }

  /** Removes a pending reply whose request was not sent after all. */
  withdraw(token: number): void {
    this.#open.take(token);
  }

  /** Removes a pending reply. Later replies to it are strays. */
  close(token: number): void {
    const awaiting = this.#open.take(token);
    if (awaiting === undefined) return;
    if (token === this.#answered) this.#refusals.answered(token);
    else this.#refusals.unanswered(awaiting.subject, token);
  }

  /** Resolves when the server's refusals before the last fence are attributed. Undefined if they are already. */
  get refusalsSettled(): Promise<void> | undefined {
    return this.#refusals.settled;
  }

  /**
   * The server refused a subscription. If it was this one, all pending replies are lost (INBOX-2). The ledger's sends
   * are not: what they wait for is a round trip.
   */
  subscriptionRefused(subject: string): void {
    if (subject === this.#subscription.subject) this.#lose();
  }

  /** Notifies all pending replies that the connection was lost (INBOX-2). */
  lost(): void {
    this.#lose();
    this.#ledger?.lost();
    this.#refusals.lost();
  }

  /**
   * The server refused one publication to that subject. Its sender is notified as soon as it is certain which one it
   * was.
   */
  publishForbidden(subject: string): void {
    this.#refusals.add(subject);
  }

  #lose(): void {
    for (const [, awaiting] of this.#open.entries()) awaiting.lost();
  }

  #receive(message: NatsMessage): void {
    const at = this.#prefix.length;
    const token = message.subjectNumber(at + nonceLength);
    const awaiting = this.#open.get(token);
    const nonce = awaiting === undefined ? this.#ledger?.nonceOf(token) : awaiting.nonce;
    if (nonce === undefined || !message.subjectHas(nonce, at))
      this.#strays++; // INBOX-3
    else if (awaiting !== undefined) {
      this.#answered = token;
      awaiting.received(message);
    } else this.#ledger?.received(token, message);
  }
}
