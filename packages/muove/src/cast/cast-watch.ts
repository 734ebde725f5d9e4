import { setImmediate } from "node:timers/promises";
import type { Inbox } from "../inbox/inbox.js";
import type { Ledger } from "../inbox/pending-reply.js";
import type { Link, Message } from "../link/index.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { isNoResponders } from "../wire/no-responders.js";
import { Batch } from "./batch.js";
import type { Sent } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** Takes a cast that is known, or feared, to have reached nobody. */
export type Bury = (cast: Sent, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]) => void;

/**
 * Learns that casts went through, or did not. The server's word that nobody listens comes before its answer to a later ping, so
 * one ping ends the wait of every cast before it.
 *
 * W1 One ping is under way at most; casts made meanwhile wait for the next one.
 * W2 A cast is held no longer than three round trips, or until the connection is lost.
 * W3 It ends once: as a dead letter, or as nothing.
 */
export class CastWatch implements Ledger {
  readonly #link: Link;
  readonly #inbox: Pick<Inbox, "refusalsSettled">;
  readonly #bury: Bury;
  /** Those before the ping that is under way. */
  #asked = new Batch();
  /** Those after it. */
  #made = new Batch();
  #running: Promise<void> | undefined;

  constructor(link: Link, inbox: Pick<Inbox, "refusalsSettled">, bury: Bury) {
    this.#link = link;
    this.#inbox = inbox;
    this.#bury = bury;
  }

  get size(): number {
    return this.#asked.size + this.#made.size;
  }

  /** Watches a cast that was handed to the connection. @param token greater than all before. */
  watch(nonce: string, token: number, cast: Sent): void {
    this.#made.add(nonce, token, cast);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is watched any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  nonceOf(token: number): string | undefined {
    return this.#asked.nonceOf(token) ?? this.#made.nonceOf(token);
  }

  /** Nobody answers a cast but the server, to say that nobody listens. */
  received(token: number, message: Message): void {
    if (isNoResponders(message)) this.#die(token, "absent");
  }

  /** What is made while these are buried is not one of them. */
  lost(): void {
    const batches = [this.#asked, this.#made];
    this.#asked = new Batch();
    this.#made = new Batch();
    for (const batch of batches) this.#lose(batch);
  }

  tokensTo(subject: string): readonly number[] {
    return [...this.#asked.tokensTo(subject), ...this.#made.tokensTo(subject)];
  }

  forbidden(token: number): void {
    this.#die(token, "forbidden");
  }

  #lose(batch: Batch): void {
    for (const cast of batch.takeAll()) this.#bury(cast, "unreachable", "maybe");
  }

  #die(token: number, reason: "absent" | "forbidden"): void {
    const cast = this.#asked.take(token) ?? this.#made.take(token);
    if (cast !== undefined) this.#bury(cast, reason, "no");
  }

  async #run(): Promise<void> {
    do {
      await setImmediate();
      this.#asked = this.#made;
      this.#made = new Batch();
      const through = await this.#link.fence();
      if (through) await this.#inbox.refusalsSettled;
      else this.#lose(this.#asked);
      this.#asked = new Batch();
    } while (this.#made.size > 0);
    this.#running = undefined;
  }
}
