import type { Link, LinkSubscription, NatsMessage } from "../link/index.js";
import { nonceLength } from "./nonces.js";
import type { Ledger, PendingReply } from "./pending-reply.js";
import { PublishRefusals } from "./publish-refusals.js";
import { SlotTable } from "./slot-table.js";

/**
 * The one reply subject of a bus: a wildcard subscription and a table of what waits, by token. (The official client's
 * `request()` keeps a subscription per client too, but pays for a timer, an iterator and an error object per request.)
 *
 * INBOX-1 A token is used once, so a late or repeated reply finds nobody and is counted in `strays`.
 * INBOX-2 Whatever is open gets `lost()` when the connection is lost: nothing waits for a reply that cannot come.
 * INBOX-3 What is received comes from somebody who was sent the request, or from the server: a token begins with a
 *   nonce, which is compared whole. Whatever else comes is a stray. (Anybody may publish to an inbox: services must, to
 *   answer.)
 */
export class Inbox {
  readonly #prefix: string;
  readonly #subscription: LinkSubscription;
  readonly #open = new SlotTable<PendingReply>();
  readonly #refusals: PublishRefusals;
  #ledger: Ledger | undefined;
  #strays = 0;
  /** The last one for which something came. */
  #answered = -1;

  constructor(link: Link, prefix: string) {
    this.#prefix = `${prefix}.`;
    this.#refusals = new PublishRefusals(link, this.#open, () => this.#ledger);
    this.#subscription = link.subscribe(`${this.#prefix}*`, { receive: (message) => this.#receive(message) });
  }

  /** Whether the bus's permissions refuse this inbox, so that no reply could ever come. */
  get forbidden(): boolean {
    return this.#subscription.state === "forbidden";
  }

  /** How many wait. */
  get size(): number {
    return this.#open.size + (this.#ledger?.size ?? 0);
  }

  /** Messages that found nobody: late, repeated, or never asked for. */
  get strays(): number {
    return this.#strays;
  }

  /** Opens a place; returns its token. */
  open(awaiting: PendingReply): number {
    return this.#open.add(awaiting);
  }

  /** From now on what comes for no place is for the ledger, before it is a stray. */
  keep(ledger: Ledger): void {
    this.#ledger = ledger;
  }

  /** A token for the ledger. Later ones are greater. */
  reserve(): number {
    return this.#open.skip();
  }

  /** The reply subject of what waits by that token. */
  subject(nonce: string, token: number): string {
    return `${this.#prefix}${nonce}${token}`;
  }

  /** Closes the place of what was not sent after all. */
  withdraw(token: number): void {
    this.#open.take(token);
  }

  /** Closes a place; what comes for it later is a stray. */
  close(token: number): void {
    const awaiting = this.#open.take(token);
    if (awaiting !== undefined && token !== this.#answered) this.#refusals.unanswered(awaiting.subject, token);
  }

  /** Resolves when it is known what the server has refused of all that a fence was asked for; nothing when it is. */
  get refusalsSettled(): Promise<void> | undefined {
    return this.#refusals.settled;
  }

  /** Tells everything that waits that the connection was lost (INBOX-2). */
  lost(): void {
    for (const [, awaiting] of this.#open.entries()) awaiting.lost();
    this.#ledger?.lost();
    this.#refusals.lost();
  }

  /** The server refused one publication there. What it was is told as soon as that is certain. */
  publishForbidden(subject: string): void {
    this.#refusals.add(subject);
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
