import { setImmediate as turn } from "node:timers/promises";

/** The results of generated load. */
export interface Generated {
  readonly calls: number;
  /** How long calls were made, in ms. */
  readonly ms: number;
  /** How many calls ended with each outcome, such as `{ ok: 90, "overloaded/no": 10 }`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The median time until a call was refused, in ms. */
  readonly refusal: number;
  /** How many were refused without a `retryAfter`. */
  readonly withoutRetryAfter: number;
}

interface Outcome {
  readonly status: string;
  readonly reason?: string;
  readonly delivered: string;
  readonly retryAfter?: number;
}

type MakeCall = () => PromiseLike<Outcome>;

/** A closed loop: in each lane, the next call follows the answer to the last. */
export async function inLanes(lanes: number, during: number, call: MakeCall): Promise<Generated> {
  const tally = new Tally();
  const lane = async (): Promise<void> => {
    while (tally.elapsed < during) await tally.count(call());
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tally.result(tally.elapsed);
}

/** An open loop: `rate` calls per second, whatever their outcomes. */
export async function atRate(rate: number, during: number, call: MakeCall): Promise<Generated> {
  const tally = new Tally();
  const underWay: Promise<void>[] = [];
  while (tally.elapsed < during) {
    const due = (tally.elapsed * rate) / 1_000;
    while (underWay.length < due) underWay.push(tally.count(call()));
    await turn();
  }
  const elapsed = tally.elapsed;
  await Promise.all(underWay);
  return tally.result(elapsed);
}

class Tally {
  readonly #start = performance.now();
  readonly #outcomes: Record<string, number> = {};
  readonly #refusals: number[] = [];
  #calls = 0;
  #withoutRetryAfter = 0;

  get elapsed(): number {
    return performance.now() - this.#start;
  }

  async count(call: PromiseLike<Outcome>): Promise<void> {
    this.#calls++;
    const start = performance.now();
    const { status, reason, delivered, retryAfter = 0 } = await call;
    const key = reason === undefined ? status : `${reason}/${delivered}`;
    this.#outcomes[key] = (this.#outcomes[key] ?? 0) + 1;
    if (reason !== "overloaded") return;
    this.#refusals.push(performance.now() - start);
    if (retryAfter <= 0) this.#withoutRetryAfter++;
  }

  result(ms: number): Generated {
    const sorted = this.#refusals.sort((a, b) => a - b);
    const refusal = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const withoutRetryAfter = this.#withoutRetryAfter;
    return { calls: this.#calls, ms, outcomes: this.#outcomes, refusal, withoutRetryAfter };
  }
}
