import type { Arrived, Casts } from "../contenders/contender.js";
import { Questions } from "../work/question.js";
import { Histogram } from "./histogram.js";
import type { Load, Loaded } from "./load.js";
import { Stopwatch } from "./stopwatch.js";

const batches = 8;

/**
 * Sends casts for a time, with a bounded number in flight: a contender that drops casts must not look fast. The times
 * are from sending a batch of an eighth of that number until its arrival is known.
 *
 * @throws if the casts that arrived are not those that were sent.
 */
export async function castLoop(casts: Casts, { inFlight, bytes, seconds }: Load): Promise<Loaded> {
  const questions = new Questions(bytes);
  const times = new Histogram();
  const before = await casts.arrived();
  const sent = { count: 0, sum: 0 };
  const stopwatch = new Stopwatch();
  const end = performance.now() + seconds * 1_000;
  const lane = async (): Promise<void> => {
    for (let start = performance.now(); start < end; ) {
      for (let i = 0; i < inFlight / batches; i++) {
        const question = questions.next();
        casts.send(question);
        sent.count++;
        sent.sum += question.id;
      }
      await casts.arrived();
      const now = performance.now();
      times.record(now - start);
      start = now;
    }
  };
  await Promise.all(Array.from({ length: batches }, lane));
  demandAll(sent, before, await casts.arrived());
  return stopwatch.stop(times, sent.count);
}

function demandAll(sent: Arrived, before: Arrived, after: Arrived): void {
  const [count, sum] = [after.count - before.count, after.sum - before.sum];
  if (count !== sent.count) throw new Error(`${count} of ${sent.count} casts arrived`);
  if (sum !== sent.sum) throw new Error("other casts arrived than were sent");
}
