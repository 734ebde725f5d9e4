import { ratios, type Spread, spread } from "../statistics.js";
import { type Cost, compiled, writeProgram } from "./check.js";
import { type Contender, contenders, program, type Scale } from "./programs.js";

// Measures what contracts cost the compiler, against the same calls on interfaces that are written by hand. Prints a
// table; decision 0027 has one.

const scale: Scale = { mailboxes: 40, calls: 20 };
const rounds = Number(process.argv[2] ?? 5);
const compilers = ["typescript-5.9", "typescript"];

const folders = new Map(contenders.map((name) => [name, writeProgram(name, program(name, scale))]));

process.stdout.write(`| compiler | | interfaces | from schemas | Muove | times interfaces | times from schemas |
| --- | --- | --- | --- | --- | --- | --- |
`);
for (const compiler of compilers) {
  for (const declarations of [false, true]) {
    const costs = measure(compiler, declarations);
    const name = `${compiler === "typescript" ? "TypeScript 7" : "TypeScript 5.9"}${declarations ? ", declarations" : ""}`;
    row(name, "s", costs, ({ seconds }) => seconds);
    row("", "MB", costs, ({ memory }) => memory);
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

function written({ median, least, most }: Spread): string {
  return `${median.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}
