import { takesPart } from "../contenders/index.js";
import type { Load } from "../load/load.js";
import { percent, whole } from "../numbers.js";
import type { Bench } from "./bench.js";
import { Pair, type Run } from "./pair.js";
import { type Scenario, scenarios } from "./scenarios.js";

/** What is to be compared, how often and for how long. */
export interface Plan {
  readonly contenders: readonly string[];
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  /**
   * How often a run is repeated that others disturbed; the one that they disturbed least counts, whatever came of it.
   */
  readonly retries: number;
  /** Whose CPU profiles are written: `caller`, `service`, or nobody's. */
  readonly profile?: string | undefined;
}

/** What one contender did in one round. */
export interface Round {
  /** By scenario. */
  readonly runs: Readonly<Record<string, Run>>;
  /** From the start of the service's process until it was open, in ms. */
  readonly openAfter: number;
}

export interface Compared {
  /** By contender; one that failed is not in it. */
  readonly rounds: Readonly<Record<string, readonly Round[]>>;
  /** Why a contender has no figures, such as a wrong answer. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Counted, not timed, so that code is as optimised on a busy machine as on an idle one; but it ends. */
const warmUp = { load: { inFlight: 64, bytes: 100 }, requests: 30_000, retries: 8 };

/**
 * Compares them. In every round each contender runs once, in processes of its own, and in another order, so that what
 * else happens on the machine meets all of them.
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

/** The runs of a contender in a scenario; none where it takes no part. */
export function runsOf({ rounds }: Compared, scenario: string, contender: string): readonly Run[] {
  return (rounds[contender] ?? []).flatMap(({ runs }) => runs[scenario] ?? []);
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

/** The share of the machine's CPU time from which on others disturb a run. */
export const disturbed = 0.1;

async function warm(pair: Pair, seconds: number): Promise<void> {
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
