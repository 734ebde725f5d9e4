import type { Bench } from "./bench.js";
import { Pair } from "./pair.js";

/** The growth of memory in bytes over a number of calls. */
export interface Growth {
  readonly calls: number;
  readonly caller: number;
  readonly service: number;
}

const load = { inFlight: 64, bytes: 100 };

/** Whether Muove leaks memory. One-time allocations happen before. */
export async function growth(bench: Bench, calls: number): Promise<Growth> {
  const pair = await Pair.start(bench, "muove");
  try {
    await pair.measure({ ...load, seconds: 2 });
    const before = await pair.memory();
    let made = 0;
    while (made < calls) made += (await pair.measure({ ...load, seconds: 2 })).count;
    const after = await pair.memory();
    return { calls: made, caller: after.caller - before.caller, service: after.service - before.service };
  } finally {
    await pair.close();
  }
}
