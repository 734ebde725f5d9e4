import type { Link, LinkSubscription, Message } from "../link/index.js";
import { Tokens } from "./tokens.js";

/** Something sent that waits for what comes back. Each method may be called until {@link Inbox.close} was. */
export interface Awaiting {
  /** Where it was published. */
  readonly subject: string;
  /** Something came to its reply subject; it need not be a reply. */
  received(message: Message): void;
  /** The connection was lost: what it waits for may never come. */
  lost(): void;
  /** The bus's permissions refused its publication. */
  forbidden(): void;
}

/**
 * What knows by itself what it waits for, by token: somebody who sends so much one way that a place for each would cost as much as
 * the sending.
 */
export interface Ledger {
  /** How much waits. */
  readonly size: number;
  /** Something came for a token. False: it does not wait for that. */
  received(token: number, message: Message): boolean;
  /** As for {@link Awaiting}, of all that waits. */
  lost(): void;
  /** The token of the latest that was published there and waits; -1 when nothing does. */
  latestTo(subject: string): number;
  /** As for {@link Awaiting}. */
  forbidden(token: number): void;
}

/**
 * The one reply subject of a bus: a wildcard subscription and a table of what waits, by token. (The official client's
 * `request()` keeps a subscription per client too, but pays for a timer, an iterator and an error object per request.)
 *
 * I1 A token is used once, so a late or repeated reply finds nobody and is counted in `strays`.
 * I2 Whatever is open gets `lost()` when the connection is lost: nothing waits for a reply that cannot come.
 */
export class Inbox {
  readonly #prefix: string;
  readonly #subscription: LinkSubscription;
  readonly #open = new Tokens<Awaiting>();
  #ledger: Ledger | undefined;
  #strays = 0;

  constructor(link: Link, prefix: string) {
    this.#prefix = `${prefix}.`;
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
  open(awaiting: Awaiting): number {
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

  /** The reply subject of a token. */
  subject(token: number): string {
    return `${this.#prefix}${token}`;
  }

  /** Closes a place; what comes for it later is a stray. */
  close(token: number): void {
    this.#open.delete(token);
  }

  /** Tells everything that waits that the connection was lost (I2). */
  lost(): void {
    for (const [, awaiting] of this.#open.entries()) awaiting.lost();
    this.#ledger?.lost();
  }

  /**
   * The server refused one publication there: the latest that waits. (It says so once for each, and what it took before
   * its permissions changed is still being handled.)
   */
  publishForbidden(subject: string): void {
    const token = this.#open.last((awaiting) => awaiting.subject === subject);
    const latest = this.#ledger?.latestTo(subject) ?? -1;
    if (latest > token) this.#ledger?.forbidden(latest);
    else this.#open.get(token)?.forbidden();
  }

  #receive(message: Message): void {
    const token = message.subjectNumber(this.#prefix.length);
    const awaiting = this.#open.get(token);
    if (awaiting !== undefined) awaiting.received(message);
    else if (!this.#ledger?.received(token, message)) this.#strays++;
  }
}
