import { takesPart } from "../contenders/index.js";
import type { Load } from "../load/load.js";
import { percent, whole } from "../numbers.js";
import type { Bench } from "./bench.js";
import { Pair, type Run } from "./pair.js";
import { type Scenario, scenarios } from "./scenarios.js";

/** What to compare, how often and for how long. */
export interface Plan {
  readonly contenders: readonly string[];
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  /** How often to repeat a disturbed run. The least disturbed one counts, whatever its result. */
  readonly retries: number;
  /** Whose CPU profiles to write: `caller`, `service`, or none. */
  readonly profile?: string | undefined;
}

/** The results of one contender in one round. */
export interface Round {
  /** By scenario. */
  readonly runs: Readonly<Record<string, Run>>;
  /** The time from the start of the service's process until it was open, in ms. */
  readonly openAfter: number;
}

export interface Compared {
  /** By contender, without failed ones. */
  readonly rounds: Readonly<Record<string, readonly Round[]>>;
  /** Why a contender has no results, such as a wrong answer. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Counted and not timed, so that code is optimised on a busy machine too. Bounded by time as well. */
const warmUp = { load: { inFlight: 64, bytes: 100 }, requests: 30_000, retries: 8 };

/**
 * Compares contenders. In every round each one runs once, in its own processes and in another order, so that
 * disturbances on the machine affect all alike.
 */
export async function compare(bench: Bench, plan: Plan): Promise<Compared> {
  const rounds: Record<string, Round[]> = {};
  const failures: Record<string, string> = {};
  for (let round = 0; round < (plan.scenarios.length && plan.rounds); round++) {
    bench.say(`Round ${round + 1} of ${plan.rounds}`);
    for (const contender of rotated(plan.contenders, round)) {
      if (failures[contender] !== undefined) continue;
      try {
        const found = await oneRound(bench, plan, contender);
        if (found !== undefined) rounds[contender] = [...(rounds[contender] ?? []), found];
      } catch (error) {
        failures[contender] = error instanceof Error ? error.message : String(error);
        delete rounds[contender];
        bench.say(`  ${contender} FAILED: ${failures[contender]}`);
      }
    }
  }
  return { rounds, failures };
}

/** The runs of a contender in a scenario. None if it does not take part. */
export function runsOf({ rounds }: Compared, scenario: string, contender: string): readonly Run[] {
  return (rounds[contender] ?? []).flatMap(({ runs }) => runs[scenario] ?? []);
}

export function allRuns({ rounds }: Compared): readonly Run[] {
  return Object.values(rounds).flatMap((all) => all.flatMap(({ runs }) => Object.values(runs)));
}

async function oneRound(bench: Bench, plan: Plan, contender: string): Promise<Round | undefined> {
  const names = plan.scenarios.filter((name) => takesPart(contender, scenarios[name]?.kind ?? "requests"));
  if (names.length === 0) return undefined;
  const pair = await Pair.start(bench, contender);
  try {
    await warm(pair, Math.min(1, plan.seconds));
    const runs: Record<string, Run> = {};
    for (const name of names) {
      const scenario = scenarios[name];
      if (scenario !== undefined) runs[name] = await oneRun(bench, plan, pair, `${contender} ${name}`, scenario);
    }
    return { runs, openAfter: await pair.openAfter() };
  } finally {
    await pair.close();
  }
}

/** A run counts as disturbed if other processes use more than this share of the machine's CPU time. */
export const disturbed = 0.1;

/** Runs until its code is optimised, for eight times that long at the most. */
export async function warm(pair: Pair, seconds: number): Promise<void> {
  let asked = 0;
  for (let i = 0; i < warmUp.retries && asked < warmUp.requests; i++) {
    asked += (await pair.measure({ ...warmUp.load, seconds })).count;
  }
}

async function oneRun(bench: Bench, plan: Plan, pair: Pair, title: string, scenario: Scenario): Promise<Run> {
  const load = { ...scenario.load, seconds: plan.seconds };
  let best = await runOnce(bench, plan, pair, title, load);
  for (let i = 0; i < plan.retries && (best.others ?? 0) > disturbed; i++) {
    const again = await runOnce(bench, plan, pair, title, load);
    if ((again.others ?? 0) < (best.others ?? 0)) best = again;
  }
  return best;
}

async function runOnce(bench: Bench, { profile }: Plan, pair: Pair, title: string, load: Load): Promise<Run> {
  const [run, path] = profile === undefined ? [await pair.measure(load)] : await pair.profile(profile, load);
  const disturbance = run.others === undefined ? "" : `, others ${percent(run.others)}`;
  bench.say(`  ${title}: ${whole(run.perSecond)}/s${disturbance}${path === undefined ? "" : `, profile in ${path}`}`);
  return run;
}

function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const first = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
