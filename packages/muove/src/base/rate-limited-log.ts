import type { Logger } from "./logger.js";
import { performance } from "./timers.js";

const maxKinds = 1_024;

interface Kind {
  /** Lines that may be logged now. */
  left: number;
  at: number;
  leftOut: number;
}

/**
 * Logs each kind of line at most once per interval, with the number of lines left out. A flood on the bus must not
 * become a flood in the log.
 *
 * RATE-LIMITED-LOG-1 The SDK chooses the kinds, such as the address in a contract. Nothing from a received message may
 *   be part of one.
 */
export class RateLimitedLog {
  readonly #log: Logger;
  readonly #burst: number;
  readonly #interval: number;
  readonly #kinds = new Map<string, Kind>();
  /** Shared by all kinds beyond the limit. */
  readonly #others: Kind;

  /**
   * @param burst how many lines of a kind may be logged at once, after as many intervals without one.
   * @param interval in ms.
   */
  constructor(log: Logger, burst = 1, interval = 1_000) {
    this.#log = log;
    this.#burst = burst;
    this.#interval = interval;
    this.#others = this.#kind(performance.now());
  }

  /**
   * @param fields called only when the line is logged.
   * @returns whether the line was logged.
   */
  warn(kind: string, fields: () => object, text: string): boolean {
    return this.#write("warn", kind, fields, text);
  }

  /** Like {@link warn}. */
  error(kind: string, fields: () => object, text: string): boolean {
    return this.#write("error", kind, fields, text);
  }

  /** Like {@link warn}. */
  info(kind: string, fields: () => object, text: string): boolean {
    return this.#write("info", kind, fields, text);
  }

  /**
   * Takes the line of that kind, if there may be one now, for what somebody else writes. Lines that it refuses are not
   * missed, and not counted.
   */
  may(kind: string): boolean {
    const known = this.#earned(kind);
    if (known.left === 0) return false;
    known.left--;
    return true;
  }

  /** Allows one more line of that kind now. */
  allow(kind: string): void {
    const known = this.#earned(kind);
    known.left = Math.max(1, known.left);
  }

  #write(level: "info" | "warn" | "error", kind: string, fields: () => object, text: string): boolean {
    const leftOut = this.#take(kind);
    if (leftOut === undefined) return false;
    this.#log[level](leftOut > 0 ? { ...fields(), leftOut } : fields(), text);
    return true;
  }

  /** The number of lines left out since the last one, or undefined if this one is left out too. */
  #take(name: string): number | undefined {
    const kind = this.#earned(name);
    if (kind.left === 0) {
      kind.leftOut++;
      return undefined;
    }
    kind.left--;
    const { leftOut } = kind;
    kind.leftOut = 0;
    return leftOut;
  }

  #earned(name: string): Kind {
    const now = performance.now();
    const kind = this.#kindOf(name, now);
    const earned = Math.floor((now - kind.at) / this.#interval);
    if (earned > 0) {
      kind.left = Math.min(this.#burst, kind.left + earned);
      kind.at = now;
    }
    return kind;
  }

  #kindOf(name: string, now: number): Kind {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    if (this.#kinds.size >= maxKinds) return this.#others;
    const kind = this.#kind(now);
    this.#kinds.set(name, kind);
    return kind;
  }

  #kind(now: number): Kind {
    return { left: this.#burst, at: now, leftOut: 0 };
  }
}
