import { type Deadline, type Deadlines, Expiring } from "../base/deadlines.js";
import { performance } from "../base/timers.js";

/**
 * - `in time`: its caller still waits.
 * - `overdue`: its time is over, or its caller's, and it lost its slot.
 * - `runaway`: its own time is over, whatever timeout its caller had.
 * - `abandoned`: nobody waits for it any longer either.
 */
export type SlotState = "in time" | "overdue" | "runaway" | "abandoned";

/** The slot of a running handler. @typeParam T what it runs. */
export class Slot<T> extends Expiring {
  readonly of: T;
  /** Its place in the list of its owner. */
  place = -1;
  readonly #deadlines: Deadlines;
  readonly #callerEndsAt: number;
  readonly #runawayAt: number;
  readonly #changed: (slot: Slot<T>, from: SlotState) => void;
  #state: SlotState = "in time";
  #expiresAt: number;
  #deadline: Deadline;

  /**
   * @param callerEndsAt when its caller gives up; infinite if it has none. @param runawayAt when its own time is over.
   * Both are on the clock of `performance.now()`, as is `now`.
   */
  constructor(
    deadlines: Deadlines,
    now: number,
    callerEndsAt: number,
    runawayAt: number,
    of: T,
    changed: (slot: Slot<T>, from: SlotState) => void,
  ) {
    super();
    this.of = of;
    this.#deadlines = deadlines;
    this.#callerEndsAt = callerEndsAt;
    this.#runawayAt = runawayAt;
    this.#changed = changed;
    const time = roundedUp(Math.min(callerEndsAt, runawayAt) - now);
    this.#expiresAt = now + time;
    this.#deadline = this.#deadlines.add(time, this);
  }

  get state(): SlotState {
    return this.#state;
  }

  /** What is left of the handler's own time, in ms. */
  get left(): number {
    return Math.max(0, this.#runawayAt - performance.now());
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  expire(): void {
    const [from, now] = [this.#state, performance.now()];
    if (from === "in time") {
      this.#state = "overdue";
      this.#expireAt(this.#runawayAt, now);
    } else if (from === "overdue" && this.#callerEndsAt > now && this.#callerEndsAt !== Number.POSITIVE_INFINITY) {
      this.#state = "runaway";
      this.#expireAt(this.#callerEndsAt, now);
    } else this.#state = "abandoned";
    this.#changed(this, from);
  }

  #expireAt(at: number, now: number): void {
    const time = roundedUp(at - now);
    this.#expiresAt = now + time;
    this.#deadline = this.#deadlines.add(time, this);
  }

  /** The handler is done. */
  free(): void {
    this.#deadline.delete(this);
  }
}

/** Rounds up by at most a sixteenth: callers may choose any timeout, and every distinct one needs a timer. */
function roundedUp(ms: number): number {
  const whole = Math.max(1, Math.ceil(ms));
  const step = 2 ** Math.max(0, Math.floor(Math.log2(whole)) - 4);
  return Math.ceil(whole / step) * step;
}
