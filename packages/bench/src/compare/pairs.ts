import { micros } from "../numbers.js";
import type { Bench } from "../run/bench.js";
import { Pair, type Run } from "../run/pair.js";
import { warm } from "../run/rounds.js";
import { scenarios } from "../run/scenarios.js";
import type { Arguments } from "./arguments.js";

/** The same load on two builds, one right after the other. */
export interface Comparison {
  readonly before: Run;
  readonly after: Run;
}

/** The CPU time of a call at both ends, in microseconds. */
export const ends = ({ cpu }: Run): number => cpu.caller + cpu.service;

/**
 * Measures two builds in turn, in fresh processes each time, since processes differ in what they optimise. What else goes on
 * on the machine hits both alike: every other pair is measured in the other order.
 */
export async function pairs(before: Bench, after: Bench, plan: Arguments): Promise<readonly Comparison[]> {
  const all: Comparison[] = [];
  for (let i = 0; i < plan.pairs; i++) {
    const pair = await (i % 2 === 0 ? forwards(before, after, plan) : backwards(before, after, plan));
    after.say(
      `  ${i + 1} of ${plan.pairs}: before ${micros(ends(pair.before))} µs, after ${micros(ends(pair.after))} µs`,
    );
    all.push(pair);
  }
  return all;
}

async function forwards(before: Bench, after: Bench, plan: Arguments): Promise<Comparison> {
  return { before: await once(before, plan), after: await once(after, plan) };
}

async function backwards(before: Bench, after: Bench, plan: Arguments): Promise<Comparison> {
  return { after: await once(after, plan), before: await once(before, plan) };
}

async function once(bench: Bench, { seconds, scenario }: Arguments): Promise<Run> {
  const load = scenarios[scenario]?.load;
  if (load === undefined) throw new Error(`there is no scenario ${scenario}`);
  const pair = await Pair.start(bench, "muove");
  try {
    await warm(pair, 1);
    return await pair.measure({ ...load, seconds });
  } finally {
    await pair.close();
  }
}
