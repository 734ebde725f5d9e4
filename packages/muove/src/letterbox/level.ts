import { pauses } from "../letters/streams.js";
import type { Arrival } from "./arrivals.js";
import type { StoreClock } from "./clock.js";
import type { Fates } from "./fates.js";
import type { Delivered, Letter } from "./letter.js";
import type { Patience, Pull, PullOwner } from "./pull.js";

/** How many letters of a level are moved at a time. */
const batch = 16;
/** The longest pause of a level, as a multiple of what it says: with the jitter, and a little. */
const most = 1.2;

/** What is put aside has time. */
export const levelPatience: Patience = { expires: 30_000, heartbeat: 5_000 };

/** What a level needs from its letterbox. */
export interface LevelKeeper {
  accept(delivered: Delivered): Letter;
  /** The letter is held until the promise resolves. */
  deciding(letter: Letter, done: Promise<void>): void;
  /** The consumer is gone, or does not answer. */
  gone(why: string): void;
}

/**
 * The letters that were put aside at one level.
 *
 * LEVEL-1 A letter leaves its level when it is due, and at the latest 1.2 times the level's pause after it came there,
 *   whatever its headers say.
 */
export class Level implements Arrival, PullOwner {
  readonly #pause: number;
  readonly #pull: Pull;
  readonly #clock: StoreClock;
  readonly #fates: Fates;
  readonly #keeper: LevelKeeper;
  #stopped = true;

  constructor(level: number, clock: StoreClock, fates: Fates, keeper: LevelKeeper, pull: (owner: PullOwner) => Pull) {
    this.#pause = pauses[level] as number;
    this.#clock = clock;
    this.#fates = fates;
    this.#keeper = keeper;
    this.#pull = pull(this);
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#pull.reset();
  }

  take(delivered: Delivered): void {
    const letter = this.#keeper.accept(delivered);
    this.#keeper.deciding(letter, this.#decide(letter));
    this.#pull.delivered();
  }

  async #decide(letter: Letter): Promise<void> {
    const { storedAt } = letter.from.figures;
    const dueAt = Math.min(letter.trail.dueAt, storedAt + most * this.#pause); // LEVEL-1
    const remaining = dueAt - this.#clock.now();
    if (remaining > 0) this.#fates.stay(letter, Math.min(remaining, most * this.#pause));
    else await this.#fates.due(letter);
  }

  told(request: number, status: string, left: number): void {
    this.#pull.told(request, status, left);
  }

  ended(): void {
    this.#ask();
  }

  gone(why: string): void {
    this.stop();
    this.#keeper.gone(why);
  }

  #ask(): void {
    if (!this.#stopped && this.#pull.outstanding === 0) this.#pull.ask(batch);
  }
}
