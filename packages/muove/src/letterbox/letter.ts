import { performance } from "../base/timers.js";
import type { DeliveryFigures } from "../jetstream/ack-subject.js";
import { ackWait } from "../letters/streams.js";
import type { NatsMessage } from "../link/index.js";
import type { HeldLetter, LetterEnding } from "../serve/held-letter.js";
import { readLetterId, readTrail, type Trail } from "../wire/letter-headers.js";
import type { LetterPlace } from "../wire/mail-subjects.js";

/** Where a letter was delivered from. */
export interface Delivered {
  readonly msg: NatsMessage;
  readonly place: LetterPlace;
  readonly message: string;
  readonly ackSubject: string;
  readonly figures: DeliveryFigures;
}

/** What a letter may ask of its holder. */
export interface LetterKeeper {
  /** Its handler, or whatever else, is done with it. Called once. */
  ended(letter: Letter, ending: LetterEnding): void;
}

/**
 * A letter that this instance holds: from its delivery until the server knows what became of it.
 *
 * LETTER-1 What a sender writes does not change how often it is tried, or when: a trail counts only where no sender may
 *   publish.
 * LETTER-2 It is told once what became of it, and only while this instance still holds it.
 */
export class Letter implements HeldLetter {
  readonly from: Delivered;
  readonly id: string;
  readonly trail: Trail;
  /** When the server last knew that it is held, on the clock of `performance.now()`. */
  knownAt: number;
  readonly #keeper: LetterKeeper;
  #handling: { lose(): void } | undefined;
  #ended = false;
  #lost = false;

  /** @param deliveredAt on the clock of `performance.now()`, or earlier. */
  constructor(from: Delivered, deliveredAt: number, keeper: LetterKeeper) {
    const { msg, place, figures } = from;
    const { headers } = msg;
    this.from = from;
    this.knownAt = deliveredAt;
    this.#keeper = keeper;
    this.id = readLetterId(headers) ?? `${figures.stream}/${figures.sequence}`;
    this.trail = (place === "d" ? undefined : readTrail(headers)) ?? newTrail(figures.storedAt);
  }

  /** A holder that is gone was a try, too. */
  get attempt(): number {
    return this.trail.failures + this.from.figures.delivered;
  }

  get sentAt(): number {
    return this.trail.sentAt;
  }

  get sequence(): number {
    return this.from.figures.sequence;
  }

  /** Whether somebody else has it by now. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Whether its delivery is still this instance's, as far as the clock tells. */
  get held(): boolean {
    return !this.#lost && performance.now() - this.knownAt < ackWait;
  }

  begun(handling: { lose(): void }): void {
    this.#handling = handling;
  }

  ended(ending: LetterEnding): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#keeper.ended(this, ending);
  }

  /** Its time is over, and the server gives it to somebody else. */
  lose(): void {
    this.#lost = true;
    this.#handling?.lose();
  }
}

const newTrail = (sentAt: number): Trail => ({
  failures: 0,
  moves: 0,
  revivals: 0,
  sentAt,
  firstTriedAt: 0,
  dueAt: 0,
});
