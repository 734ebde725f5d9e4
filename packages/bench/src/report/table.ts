import { contenderNames } from "../contenders/index.js";
import type { Run } from "../run/pair.js";
import { type Compared, runsOf } from "../run/rounds.js";
import { ratios, type Spread, spread } from "../statistics.js";

/** The contender that the others are compared with. */
const subject = "muove";

const head = [
  "",
  "requests/s",
  "least to most",
  `${subject} / it`,
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
  "CPU µs: caller",
  "service",
  "server",
];

/** A scenario as lines of text. */
export function table(scenario: string, compared: Compared): string {
  const base = runsOf(compared, scenario, subject);
  const rows = contenderNames.flatMap((name) => {
    const found = runsOf(compared, scenario, name);
    return found.length === 0 ? [] : [row(name, found, name === subject ? [] : base)];
  });
  return `${scenario}\n${aligned([head, ...rows])}\n`;
}

function row(name: string, runs: readonly Run[], base: readonly Run[]): readonly string[] {
  const of = (value: (run: Run) => number | undefined): Spread => spread(runs.map((run) => value(run) ?? Number.NaN));
  const rate = of((run) => run.perSecond);
  return [
    name,
    whole(rate.median),
    `${whole(rate.least)} to ${whole(rate.most)}`,
    base.length === 0 ? "" : ratio(ratios(base.map(perSecond), runs.map(perSecond))),
    ...[of((run) => run.p50), of((run) => run.p99), of((run) => run.p999)].map(({ median }) => median.toFixed(2)),
    ...[of((run) => run.cpu.caller), of((run) => run.cpu.service), of((run) => run.cpu.server)].map(({ median }) =>
      median.toFixed(1),
    ),
  ];
}

const perSecond = (run: Run): number => run.perSecond;
const whole = (value: number): string => Math.round(value).toLocaleString("en");
const ratio = ({ median, least, most }: Spread): string =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;

function aligned(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join("  ");
  return rows.map(line).join("\n");
}
