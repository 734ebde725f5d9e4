import type { Nats, Testkit } from "@muove/testkit";
import { Pair, type Run } from "./pair.js";
import { scenarios } from "./scenarios.js";

/** What is to be compared, how often and for how long. */
export interface Plan {
  readonly contenders: readonly string[];
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  /** Whose CPU profiles are written: `caller`, `service`, or nobody's. */
  readonly profile: string | undefined;
}

/** The runs of a contender in each scenario, one for each round. */
export type Runs = Readonly<Record<string, readonly Run[]>>;

export interface Compared {
  /** By contender; a contender that failed is not in it. */
  readonly runs: Readonly<Record<string, Runs>>;
  /** Why a contender has no figures, such as a wrong answer. */
  readonly failures: Readonly<Record<string, string>>;
}

const warmUp = { inFlight: 64, bytes: 100 };

/**
 * Compares them. In every round each contender runs once, in processes of its own, and in another order, so that what
 * else happens on the machine meets all of them.
 */
export async function compare(kit: Testkit, nats: Nats, plan: Plan, say: (text: string) => void): Promise<Compared> {
  const rounds: Record<string, Record<string, Run>[]> = Object.fromEntries(plan.contenders.map((name) => [name, []]));
  const failures: Record<string, string> = {};
  for (let round = 0; round < plan.rounds; round++) {
    say(`Round ${round + 1} of ${plan.rounds}`);
    for (const contender of rotated(plan.contenders, round)) {
      if (failures[contender] !== undefined) continue;
      try {
        rounds[contender]?.push(await oneRound(kit, nats, plan, contender, say));
      } catch (error) {
        failures[contender] = error instanceof Error ? error.message : String(error);
        say(`  ${contender} FAILED: ${failures[contender]}`);
      }
    }
  }
  const whole = plan.contenders.filter((contender) => failures[contender] === undefined);
  const runs = whole.map((contender) => [contender, byScenario(plan.scenarios, rounds[contender] ?? [])]);
  return { runs: Object.fromEntries(runs), failures };
}

function byScenario(names: readonly string[], rounds: readonly Record<string, Run>[]): Runs {
  return Object.fromEntries(names.map((name) => [name, rounds.flatMap((round) => round[name] ?? [])]));
}

async function oneRound(
  kit: Testkit,
  nats: Nats,
  { scenarios: names, seconds, profile }: Plan,
  contender: string,
  say: (text: string) => void,
): Promise<Record<string, Run>> {
  const pair = await Pair.start(kit, nats, contender);
  try {
    await pair.measure({ ...warmUp, seconds: Math.min(1, seconds) });
    const found: Record<string, Run> = {};
    for (const name of names) {
      const load = { ...(scenarios[name] ?? warmUp), seconds };
      const [run, written] = profile === undefined ? [await pair.measure(load)] : await pair.profile(profile, load);
      found[name] = run;
      const more = written === undefined ? "" : `, profile in ${written}`;
      say(`  ${contender} ${name}: ${Math.round(run.perSecond).toLocaleString("en")}/s${more}`);
    }
    return found;
  } finally {
    await pair.close();
  }
}

function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const first = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
