import type { Durable } from "@muove/contract";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import { nanoseconds } from "../jetstream/configs.js";
import { pauses } from "../letters/streams.js";
import type { Link } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { LetterEnding } from "../serve/held-letter.js";
import type { DeadReason, Trail } from "../wire/letter-headers.js";
import type { MailNames } from "../wire/mail-subjects.js";
import type { Acks } from "./acks.js";
import type { StoreClock } from "./clock.js";
import type { Copies } from "./copies.js";
import type { Letter } from "./letter.js";

// docs/protocol.md, clauses L-12 to L-18.

/** For how long a letter that breaks this instance's contract is tried, in ms: a newer instance may know it. */
const skewTime = 3_600_000;
/** The level for such a letter: 30 s. */
const skewLevel = 2;
/** How much longer a pause may be, so that letters that failed together do not come back together. */
const jitter = 0.1;
/** How long a letter is left where it is when it can be put nowhere else, in ms. */
const stayFor = 30_000;

type Unhandled = Exclude<LetterEnding, { readonly kind: "handled" }>;

interface FateParts {
  readonly link: Link;
  readonly counts: Counts;
  readonly log: RateLimitedLog;
  readonly events: BusEmitter;
  readonly mailbox: string;
  readonly names: MailNames;
  readonly clock: StoreClock;
  readonly acks: Acks;
  readonly copies: Copies;
}

/**
 * Decides what becomes of a letter, and does it.
 *
 * FATES-1 A letter is acknowledged only when it was handled, or when a copy of it is stored elsewhere. If none can be,
 *   it stays, and is delivered again after a while.
 * FATES-2 A letter is buried for failures after as many tries as its contract says, of which this instance saw the last.
 * FATES-3 Of a letter that is lost to another instance nothing is said but `+ACK`: what else is said would concern that
 *   instance's delivery.
 */
export class Fates {
  readonly #parts: FateParts;

  constructor(parts: FateParts) {
    this.#parts = parts;
  }

  handled(letter: Letter): void {
    this.#parts.counts.lettersHandled++;
    this.#parts.acks.add(letter.from.ackSubject);
  }

  /** Resolves when the server knows. */
  async decide(letter: Letter, ending: Unhandled, { tries }: Durable): Promise<void> {
    const { attempt } = letter;
    switch (ending.kind) {
      case "failed":
        if (attempt >= tries) return this.#bury(letter, "failed", ending.error, attempt);
        return this.#aside(letter, attempt - 1, { failures: attempt });
      case "unreadable":
        return this.#bury(letter, "rejected", ending.error, attempt - 1);
      case "rejected":
        if (this.#age(letter) >= skewTime) return this.#bury(letter, "rejected", ending.error, attempt - 1);
        return this.#aside(letter, skewLevel, {});
      case "refused":
        return this.#bury(letter, "refused", ending.error, attempt);
      case "buried":
        return this.#bury(letter, "buried", ending.error, attempt);
      case "later":
        return this.#later(letter, this.#parts.clock.now() + ending.delay);
      case "interrupted":
        return this.giveBack(letter);
    }
  }

  /** Its time at a level is over: it is put aside again if it is not due yet, and otherwise for its handler. */
  async due(letter: Letter): Promise<void> {
    const { names, clock } = this.#parts;
    if (letter.trail.dueAt > clock.now()) return this.#later(letter, letter.trail.dueAt);
    await this.#move(letter, names.again(letter.from.message), letter.trail);
  }

  /** Nobody began with it: it counts as no try. */
  async giveBack(letter: Letter): Promise<void> {
    const { from, trail } = letter;
    const failures = letter.attempt - 1;
    await this.#move(letter, this.#parts.names.again(from.message), { ...trail, failures });
  }

  /** Nobody can handle it: the server has delivered it too often. */
  async giveUp(letter: Letter): Promise<void> {
    await this.#bury(
      letter,
      "lost",
      "it was delivered again and again, and no instance came to its end",
      letter.attempt - 1,
    );
  }

  /** Leaves it where it is. @param time until it is delivered again, in ms. */
  stay(letter: Letter, time: number): void {
    if (!letter.held) return; // FATES-3
    const delay = JSON.stringify({ delay: nanoseconds(Math.ceil(time)) });
    this.#parts.link.publish(letter.from.ackSubject, Buffer.from(`-NAK ${delay}`));
  }

  #later(letter: Letter, dueAt: number): Promise<void> {
    const remaining = dueAt - this.#parts.clock.now();
    const level = Math.max(
      0,
      pauses.findLastIndex((pause) => pause <= remaining),
    );
    return this.#putAt(letter, level, { dueAt });
  }

  #aside(letter: Letter, level: number, changes: Partial<Trail>): Promise<void> {
    const at = Math.min(level, pauses.length - 1);
    const pause = (pauses[at] as number) * (1 + jitter * Math.random());
    return this.#putAt(letter, at, { ...changes, dueAt: this.#parts.clock.now() + pause });
  }

  async #putAt(letter: Letter, level: number, changes: Partial<Trail>): Promise<void> {
    const { names, counts, clock } = this.#parts;
    const { trail, from } = letter;
    counts.lettersPutAside++;
    const firstTriedAt = trail.firstTriedAt || clock.now();
    await this.#move(letter, names.retry(level, from.message), { ...trail, firstTriedAt, ...changes });
  }

  async #move(letter: Letter, subject: string, trail: Trail): Promise<void> {
    const { copies, acks } = this.#parts;
    if (await copies.move(letter, subject, trail)) return acks.add(letter.from.ackSubject);
    this.#stays(letter, "a letter could not be put aside, and stays where it is");
  }

  async #bury(letter: Letter, reason: DeadReason, error: string, tries: number): Promise<void> {
    const { copies, acks, counts, clock, log, events } = this.#parts;
    const { id, from } = letter;
    const address = `${this.#parts.mailbox}.${from.message}`;
    if (!(await copies.bury(letter, { reason, error, tries, diedAt: clock.now() }))) {
      return this.#stays(letter, "a dead letter could not be stored, and stays where it is");
    }
    acks.add(from.ackSubject);
    counts.lettersBuried++;
    if (events.heard("buried")) events.emit("buried", { address, id, reason, error, tries });
    log.error(`buried ${address}`, () => ({ address, letter: id, reason, error, tries }), "a letter is dead");
  }

  #stays(letter: Letter, text: string): void {
    const address = `${this.#parts.mailbox}.${letter.from.message}`;
    this.#parts.log.error(`stays ${address}`, () => ({ address, letter: letter.id }), text);
    this.stay(letter, stayFor);
  }

  #age(letter: Letter): number {
    return this.#parts.clock.now() - letter.sentAt;
  }
}
