import type { Run } from "../run/pair.js";
import type { Results } from "../run/results.js";

/** A run with that rate and that p50 in ms. */
export function run(perSecond: number, p50 = 1): Run {
  const cpu = { caller: 10, service: 6, server: 4 };
  return { count: 1, perSecond, p50, p99: 2, p999: 3, cpu, others: 0.05 };
}

/** The same, without a server and with that CPU time of its caller. */
export function directRun(perSecond: number, caller = 10): Run {
  return { ...run(perSecond), cpu: { caller, service: 6, server: undefined } };
}

/** Results with those runs, by contender, round and scenario. */
export function resultsOf(
  rounds: Readonly<Record<string, readonly Readonly<Record<string, Run>>[]>>,
  { grown = 0, held = 0 } = {},
): Results {
  const times = { p50: 1, p99: 2 };
  const opened = Object.entries(rounds).map(([name, all]) => [name, all.map((runs) => ({ runs, openAfter: 150 }))]);
  return {
    about: {
      ...{ date: "2026-11-25", command: "npm run bench", node: "20.20.2", cores: 2, natsServer: "2.9.10" },
      ...{ rounds: 1, seconds: 1, full: false },
    },
    compared: { failures: {}, rounds: Object.fromEntries(opened) },
    alone: {
      ...{ absent: times, unreachable: times, overloaded: times, buried: { perSecond: 1, cpu: 1 } },
      held: { calls: 1, caller: held, service: 0 },
      mailboxes: { count: 1_000, served: 2_048, addressed: 1_024 },
      growth: { calls: 1_000_000, caller: 0, service: grown },
      imports: { muove: { modules: 215, bytes: 2 ** 20, ms: 90 } },
    },
  };
}
