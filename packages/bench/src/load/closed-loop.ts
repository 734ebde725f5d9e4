import type { Caller } from "../contenders/contender.js";
import { Questions } from "../work/question.js";
import { Histogram } from "./histogram.js";
import type { Load, Loaded } from "./load.js";
import { Stopwatch } from "./stopwatch.js";

/**
 * Keeps a fixed number of questions in flight for a time, and waits for the last answer.
 *
 * @throws at a wrong or missing answer: being wrong must not look fast.
 */
export async function closedLoop(caller: Caller, { inFlight, bytes, seconds }: Load): Promise<Loaded> {
  const questions = new Questions(bytes);
  const times = new Histogram();
  const stopwatch = new Stopwatch();
  const end = performance.now() + seconds * 1_000;
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
  return stopwatch.stop(times, times.count);
}
