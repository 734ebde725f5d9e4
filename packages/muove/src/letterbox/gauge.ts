import { clearTimeout, setTimeout } from "../base/timers.js";
import { type ApiTransport, JetStreamApi } from "../jetstream/api.js";
import { type LetterFigures, readLetterFigures } from "../letters/letter-figures.js";
import type { MailPlan } from "../letters/streams.js";
import { measureLetters } from "../telemetry/letters.js";

/** How often letters are counted, in ms; also how soon a pause holds. */
const interval = 4_000;

/**
 * Counts the letters of a mailbox every few seconds, while they can be handled here.
 *
 * GAUGE-1 One count at a time, and the next one 4 s after it: however slow JetStream is, this asks no more.
 * GAUGE-2 What could not be counted stays as it was counted last, with the time of that.
 */
export class Gauge {
  readonly #plan: MailPlan;
  readonly #api: JetStreamApi;
  readonly #counted: (figures: LetterFigures) => void;
  #figures: LetterFigures | undefined;
  #timer: NodeJS.Timeout | undefined;
  #counting = false;
  #stopped = true;
  #unmeasure: (() => void) | undefined;

  /** @param counted is called after each count. */
  constructor(transport: ApiTransport, plan: MailPlan, counted: (figures: LetterFigures) => void) {
    this.#plan = plan;
    this.#api = new JetStreamApi(transport, plan.domain);
    this.#counted = counted;
  }

  get figures(): LetterFigures | undefined {
    return this.#figures;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#unmeasure = measureLetters(this.#plan.mailbox, () => this.#figures);
    void this.#count();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unmeasure?.();
  }

  // GAUGE-1
  async #count(): Promise<void> {
    if (this.#counting) return;
    this.#counting = true;
    const figures = await readLetterFigures(this.#api, this.#plan);
    this.#counting = false;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#count(), interval).unref();
    if ("kind" in figures) return; // GAUGE-2
    this.#figures = figures;
    this.#counted(figures);
  }
}
