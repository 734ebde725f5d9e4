import type { Outcome } from "muove";

/** The outcomes of one run. */
export interface Tallied {
  /** Calls by status, or by reason if unavailable. */
  readonly counts: Readonly<Record<string, number>>;
  /** Answered in time, per second of the load. */
  readonly goodput: number;
  /** Times in ms; `undefined` if there was nothing to measure. */
  readonly answered: Quantiles | undefined;
  readonly refused: Quantiles | undefined;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/** Counts outcomes and their times. */
export class Tally {
  readonly #counts: Record<string, number> = {};
  readonly #answered: number[] = [];
  readonly #refused: number[] = [];

  async count(call: Promise<Outcome<unknown>>): Promise<void> {
    const start = performance.now();
    const outcome = await call;
    const took = performance.now() - start;
    const what = outcome.status === "unavailable" ? outcome.reason : outcome.status;
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
    if (what === "ok") this.#answered.push(took);
    if (what === "overloaded") this.#refused.push(took);
  }

  result(seconds: number): Tallied {
    return {
      counts: this.#counts,
      goodput: this.#answered.length / seconds,
      answered: quantiles(this.#answered),
      refused: quantiles(this.#refused),
    };
  }
}

function quantiles(times: readonly number[]): Quantiles | undefined {
  if (times.length === 0) return undefined;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
