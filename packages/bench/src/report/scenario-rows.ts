import { contenderNames } from "../contenders/index.js";
import { duration, micros, ratio, whole } from "../numbers.js";
import type { Run } from "../run/pair.js";
import { type Compared, runsOf } from "../run/rounds.js";
import { ratios, spread } from "../statistics.js";

/** The baselines: the others are compared with the first of these that took part. */
const subjects = ["muove", "muove-1"];

export const scenarioHead = [
  "",
  "per second",
  "least to most",
  "Muove / it",
  "p50",
  "p99",
  "p99.9",
  "CPU µs: caller",
  "service",
  "server",
];

/** Results of contenders in a scenario: medians over the rounds; rates and ratios with their spread. */
export function scenarioRows(scenario: string, compared: Compared): readonly (readonly string[])[] {
  const subject = subjects.find((name) => runsOf(compared, scenario, name).length > 0) ?? "";
  const base = runsOf(compared, scenario, subject);
  return contenderNames.flatMap((name) => {
    const found = runsOf(compared, scenario, name);
    return found.length === 0 ? [] : [row(name, found, name === subject ? [] : base)];
  });
}

function row(name: string, runs: readonly Run[], base: readonly Run[]): readonly string[] {
  const median = (value: (run: Run) => number): number => spread(runs.map(value)).median;
  const rates = spread(runs.map(perSecond));
  const server = runs.flatMap(({ cpu }) => cpu.server ?? []);
  return [
    name,
    whole(rates.median),
    `${whole(rates.least)} to ${whole(rates.most)}`,
    base.length === 0 ? "" : ratio(ratios(base.map(perSecond), runs.map(perSecond))),
    duration(median((run) => run.p50)),
    duration(median((run) => run.p99)),
    duration(median((run) => run.p999)),
    micros(median((run) => run.cpu.caller)),
    micros(median((run) => run.cpu.service)),
    server.length === 0 ? "" : micros(spread(server).median),
  ];
}

const perSecond = (run: Run): number => run.perSecond;
