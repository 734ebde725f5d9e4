import { turn } from "../base/timers.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Ledger } from "../inbox/pending-reply.js";
import type { Link, NatsMessage } from "../link/index.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { isNoResponders } from "../wire/no-responders.js";
import { Batch } from "./batch.js";
import type { Sent } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** Takes a cast that reached nobody, or may have. */
export type GiveUp = (cast: Sent, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]) => void;

/**
 * Finds out whether casts got through. The server reports missing listeners before it answers a later ping, so one ping
 * settles every cast before it.
 *
 * CAST-WATCH-1 At most one ping is in flight; casts made meanwhile wait for the next one.
 * CAST-WATCH-2 A cast is watched for three round trips at most, or until the connection is lost.
 * CAST-WATCH-3 A cast settles once, and becomes a dead letter at most once.
 */
export class CastWatch implements Ledger {
  readonly #link: Link;
  readonly #inbox: Pick<Inbox, "refusalsSettled">;
  readonly #giveUp: GiveUp;
  /** Casts before the ping in flight. */
  #pinged = new Batch();
  /** Casts after it. */
  #recent = new Batch();
  #running: Promise<void> | undefined;

  constructor(link: Link, inbox: Pick<Inbox, "refusalsSettled">, giveUp: GiveUp) {
    this.#link = link;
    this.#inbox = inbox;
    this.#giveUp = giveUp;
  }

  get size(): number {
    return this.#pinged.size + this.#recent.size;
  }

  /** Watches a cast that was published. @param token greater than all before. */
  watch(nonce: string, token: number, cast: Sent): void {
    this.#recent.add(nonce, token, cast);
    this.#running ??= this.#run();
  }

  /** Resolves when no cast is watched. */
  async idle(): Promise<void> {
    await this.#running;
  }

  nonceOf(token: number): string | undefined {
    return this.#pinged.nonceOf(token) ?? this.#recent.nonceOf(token);
  }

  /** The only reply to a cast comes from the server, when nobody listens. */
  received(token: number, message: NatsMessage): void {
    if (isNoResponders(message)) this.#fail(token, "absent");
  }

  /** Casts that are made while these are given up are not lost: they go into a new batch. */
  lost(): void {
    const batches = [this.#pinged, this.#recent];
    this.#pinged = new Batch();
    this.#recent = new Batch();
    for (const batch of batches) this.#lose(batch);
  }

  tokensTo(subject: string): readonly number[] {
    return [...this.#pinged.tokensTo(subject), ...this.#recent.tokensTo(subject)];
  }

  forbidden(token: number): void {
    this.#fail(token, "forbidden");
  }

  #lose(batch: Batch): void {
    for (const cast of batch.takeAll()) this.#giveUp(cast, "unreachable", "maybe");
  }

  #fail(token: number, reason: "absent" | "forbidden"): void {
    const cast = this.#pinged.take(token) ?? this.#recent.take(token);
    if (cast !== undefined) this.#giveUp(cast, reason, "no");
  }

  async #run(): Promise<void> {
    do {
      await turn();
      this.#pinged = this.#recent;
      this.#recent = new Batch();
      const answered = await this.#link.fence();
      if (answered) await this.#inbox.refusalsSettled;
      else this.#lose(this.#pinged);
      this.#pinged = new Batch();
    } while (this.#recent.size > 0);
    this.#running = undefined;
  }
}
