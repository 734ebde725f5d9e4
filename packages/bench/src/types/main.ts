import { ratios, type Spread, spread } from "../statistics.js";
import { type Cost, compiled, writeProgram } from "./check.js";
import { type Contender, contenders, program, type Scale } from "./programs.js";

// Measures what contracts cost the compiler, against the same calls on interfaces that are written by hand. Prints a
// table, and fails if contracts take more time than they may. Decision 0030 has such a table.

const scale: Scale = { mailboxes: 40, calls: 20 };
const rounds = Number(process.argv[2] ?? 5);
const compilers = ["typescript-5.9", "typescript"];
/**
 * How many times longer contracts may take than interfaces whose types come from the same schemas. (Whoever checks what
 * arrives has those schemas.) The shortest time of each counts, because what else goes on only adds to it.
 */
const most = 3;

const folders = new Map(contenders.map((name) => [name, writeProgram(name, program(name, scale))]));

process.stdout.write(`| compiler | | interfaces | from schemas | Muove | times interfaces | times from schemas |
| --- | --- | --- | --- | --- | --- | --- |
`);
for (const compiler of compilers) {
  for (const declarations of [false, true]) {
    const costs = measure(compiler, declarations);
    const name = `${compiler === "typescript" ? "TypeScript 7" : "TypeScript 5.9"}${declarations ? ", declarations" : ""}`;
    row(name, "s", costs, seconds);
    row("", "MB", costs, ({ memory }) => memory);
    const times = shortest(costs.muove) / shortest(costs.inferred);
    if (times > most) tooSlow(name, times);
  }
}

type Costs = Readonly<Record<Contender, Cost[]>>;

/** One after the other in each round, because what disturbs a round disturbs all of it. */
function measure(compiler: string, declarations: boolean): Costs {
  const costs: Costs = { muove: [], inferred: [], plain: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, folder] of folders) costs[name].push(compiled(compiler, folder, declarations));
  }
  return costs;
}

function row(compiler: string, unit: string, costs: Costs, figure: (cost: Cost) => number): void {
  const [muove, inferred, plain] = contenders.map((name) => costs[name].map(figure)) as [number[], number[], number[]];
  const medians = [plain, inferred, muove].map((values) => spread(values).median.toFixed(1));
  const times = [ratios(muove, plain), ratios(muove, inferred)].map(written);
  process.stdout.write(`| ${[compiler, unit, ...medians, ...times].join(" | ")} |\n`);
}

function seconds(cost: Cost): number {
  return cost.seconds;
}

function shortest(costs: readonly Cost[]): number {
  return spread(costs.map(seconds)).least;
}

function tooSlow(compiler: string, times: number): void {
  process.exitCode = 1;
  process.stderr.write(`${compiler}: ${times.toFixed(1)} times what interfaces from schemas take; at most ${most}.\n`);
}

function written({ median, least, most }: Spread): string {
  return `${median.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}
