import type { Logger } from "pino";

const interval = 1_000;
const mostKinds = 1_024;

interface Kind {
  /** How many lines it may have now. */
  left: number;
  at: number;
  leftOut: number;
}

/**
 * Logs what may come with every message at most once a second per kind, with the number left out: a flood on the bus
 * must not become a flood in the log.
 *
 * RATE-LIMITED-LOG-1 A kind is ours to choose, such as an address of a contract: what comes in a message must not be
 *   part of it.
 */
export class RateLimitedLog {
  readonly #log: Logger;
  readonly #burst: number;
  readonly #kinds = new Map<string, Kind>();
  /** All that there is no room for. */
  readonly #others: Kind;

  /** @param burst how many lines of a kind may come at once, after as many seconds without one. */
  constructor(log: Logger, burst = 1) {
    this.#log = log;
    this.#burst = burst;
    this.#others = this.#kind(performance.now());
  }

  /** @param fields are asked for only when the line is logged. */
  warn(kind: string, fields: () => object, text: string): void {
    const leftOut = this.#take(kind);
    if (leftOut !== undefined) this.#log.warn(leftOut > 0 ? { ...fields(), leftOut } : fields(), text);
  }

  /** As {@link warn}. Returns whether the line was logged. */
  error(kind: string, fields: () => object, text: string): boolean {
    const leftOut = this.#take(kind);
    if (leftOut === undefined) return false;
    this.#log.error(leftOut > 0 ? { ...fields(), leftOut } : fields(), text);
    return true;
  }

  /** How many lines were left out since the last one; nothing when this one is. */
  #take(name: string): number | undefined {
    const now = performance.now();
    const kind = this.#kindOf(name, now);
    const earned = Math.floor((now - kind.at) / interval);
    if (earned > 0) {
      kind.left = Math.min(this.#burst, kind.left + earned);
      kind.at = now;
    }
    if (kind.left === 0) {
      kind.leftOut++;
      return undefined;
    }
    kind.left--;
    const { leftOut } = kind;
    kind.leftOut = 0;
    return leftOut;
  }

  #kindOf(name: string, now: number): Kind {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    if (this.#kinds.size >= mostKinds) return this.#others;
    const kind = this.#kind(now);
    this.#kinds.set(name, kind);
    return kind;
  }

  #kind(now: number): Kind {
    return { left: this.#burst, at: now, leftOut: 0 };
  }
}
