import type { Caller } from "../contenders/contender.js";
import { Questions } from "../work/question.js";
import { Histogram } from "./histogram.js";

/** How a caller is loaded: so many questions under way at any time. */
export interface Load {
  readonly inFlight: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** What came of it, seen from the caller. Times in ms; CPU time in microseconds, user and system together. */
export interface Loaded {
  readonly count: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly cpu: number;
}

/**
 * Keeps so many questions under way for so long, and waits for the last answer.
 *
 * @throws at a wrong answer, or at none: nobody is fast by being wrong.
 */
export async function closedLoop(caller: Caller, { inFlight, bytes, seconds }: Load): Promise<Loaded> {
  const questions = new Questions(bytes);
  const times = new Histogram();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  const lane = async (): Promise<void> => {
    for (let start = performance.now(); start < end; ) {
      const question = questions.next();
      if (!(await caller.ask(question))) throw new Error(`a wrong answer to question ${question.id}`);
      const now = performance.now();
      times.record(now - start);
      start = now;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const took = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { count: times.count, seconds: took / 1_000, ...quantiles(times), cpu: user + system };
}

function quantiles(times: Histogram): Pick<Loaded, "p50" | "p99" | "p999"> {
  return { p50: times.quantile(0.5), p99: times.quantile(0.99), p999: times.quantile(0.999) };
}
