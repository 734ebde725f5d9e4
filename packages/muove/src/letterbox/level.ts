import { pauses } from "../letters/streams.js";
import type { Link } from "../link/index.js";
import type { StoreClock } from "./clock.js";
import type { Fates } from "./fates.js";
import type { Letter } from "./letter.js";
import { Pull, type PullOwner } from "./pull.js";

/** How many letters of a level are moved at a time. */
const batch = 16;
/** The longest pause of a level, as a multiple of what it says: with the jitter, and a little. */
const most = 1.2;

/**
 * The letters that were put aside at one level.
 *
 * LEVEL-1 A letter leaves its level when it is due, and at the latest 1.2 times the level's pause after it came there,
 *   whatever its headers say.
 */
export class Level implements PullOwner {
  readonly #pause: number;
  readonly #pull: Pull;
  readonly #clock: StoreClock;
  readonly #fates: Fates;
  readonly #gone: (why: string) => void;
  #stopped = true;

  constructor(
    level: number,
    link: Link,
    subject: string,
    inbox: string,
    parts: { readonly clock: StoreClock; readonly fates: Fates; readonly gone: (why: string) => void },
  ) {
    this.#pause = pauses[level] as number;
    this.#pull = new Pull(link, subject, inbox, this);
    this.#clock = parts.clock;
    this.#fates = parts.fates;
    this.#gone = parts.gone;
  }

  start(): void {
    this.#stopped = false;
    this.#pull.reset();
    this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#pull.reset();
  }

  /** Resolves when the server knows what became of the letter. */
  async take(letter: Letter): Promise<void> {
    const { storedAt } = letter.from.figures;
    const dueAt = Math.min(letter.trail.dueAt, storedAt + most * this.#pause); // LEVEL-1
    const remaining = dueAt - this.#clock.now();
    this.#pull.delivered();
    if (remaining > 0) this.#fates.stay(letter, remaining);
    else await this.#fates.due(letter);
  }

  told(request: string, status: string): void {
    this.#pull.told(request, status);
  }

  ended(): void {
    this.#ask();
  }

  gone(why: string): void {
    this.#gone(why);
  }

  #ask(): void {
    if (!this.#stopped && this.#pull.outstanding === 0) this.#pull.ask(batch, "coming");
  }
}
