import { type Deadline, type Deadlines, Expiring } from "../base/deadlines.js";

/**
 * - `in time`: its caller still waits.
 * - `overdue`: it has outlived its caller, and holds no slot any more.
 * - `endless`: it has outlived what the contract gives it, too, whatever its caller said.
 */
export type Standing = "in time" | "overdue" | "endless";

/** A handler's hold on its mailbox, for as long as it runs. */
export class Slot extends Expiring {
  readonly #deadlines: Deadlines;
  readonly #endlessAt: number;
  readonly #changed: (standing: Standing) => void;
  #standing: Standing = "in time";
  #expiresAt: number;
  #deadline: Deadline;

  /** @param overdueAt, @param endlessAt on the clock of `performance.now()`, as is `now`. */
  constructor(
    deadlines: Deadlines,
    now: number,
    overdueAt: number,
    endlessAt: number,
    changed: (standing: Standing) => void,
  ) {
    super();
    this.#deadlines = deadlines;
    this.#endlessAt = endlessAt;
    this.#changed = changed;
    const time = wholeMs(overdueAt - now);
    this.#expiresAt = now + time;
    this.#deadline = this.#deadlines.add(time, this);
  }

  get standing(): Standing {
    return this.#standing;
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  expire(): void {
    if (this.#standing === "in time") {
      this.#standing = "overdue";
      const now = performance.now();
      const time = wholeMs(this.#endlessAt - now);
      this.#expiresAt = now + time;
      this.#deadline = this.#deadlines.add(time, this);
    } else this.#standing = "endless";
    this.#changed(this.#standing);
  }

  /** The handler is done. */
  free(): void {
    this.#deadline.delete(this);
  }
}

/** Rounded up, by a sixteenth at the most: callers may choose any time, and each kind of deadline has a timer of its own. */
function wholeMs(ms: number): number {
  const whole = Math.max(1, Math.ceil(ms));
  const step = 2 ** Math.max(0, Math.floor(Math.log2(whole)) - 4);
  return Math.ceil(whole / step) * step;
}
