import { setTimeout as sleep } from "node:timers/promises";

/** How long something took, in ms, and its result. */
export interface Timed<T> {
  readonly value: T;
  readonly ms: number;
}

/** Waits for something and measures it. */
export async function timed<T>(work: () => PromiseLike<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

/** The median time of `count` runs, one after the other, in ms, and the result of the last one. */
export async function typical<T>(count: number, work: () => PromiseLike<T>): Promise<Timed<T>> {
  const all: Timed<T>[] = [];
  for (let i = 0; i < count; i++) all.push(await timed(work));
  const [{ value }, sorted] = [all.at(-1) as Timed<T>, all.map(({ ms }) => ms).sort((a, b) => a - b)];
  return { value, ms: sorted[Math.floor(count / 2)] as number };
}

export interface Load<T> {
  /** The results so far. */
  readonly done: readonly T[];
  /** Starts no more. Resolves to all results once those under way have come. */
  stop(): Promise<readonly T[]>;
}

/** Calls in parallel lanes, each with a pause of a few ms between the end of a call and the next one. */
export function load<T>(lanes: number, call: (i: number) => PromiseLike<T>, pause = 2): Load<T> {
  const done: T[] = [];
  let stopped = false;
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (!stopped) {
      done.push(await call(calls++));
      await sleep(pause);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    done,
    async stop() {
      stopped = true;
      await running;
      return done;
    },
  };
}

/** How often each outcome came, such as `{ ok: 90, "timeout/maybe": 10 }`. */
export function tally(outcomes: readonly { status: string; reason?: string; delivered: string }[]) {
  const counts: Record<string, number> = {};
  for (const { status, reason, delivered } of outcomes) {
    const key = reason === undefined ? status : `${reason}/${delivered}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
