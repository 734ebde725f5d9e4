import { testkit } from "@muove/testkit";
import { othersShare } from "./report/others-share.js";
import { page } from "./report/page.js";
import { drawComparison } from "./report/picture.js";
import { scenarioHead, scenarioRows } from "./report/scenario-rows.js";
import { textTable } from "./report/tables.js";
import { targets } from "./report/targets.js";
import { writeDocs } from "./report/write-docs.js";
import { aboutThis } from "./run/about.js";
import { type Arguments, readArguments, usage } from "./run/arguments.js";
import { type ProbePlan, probe } from "./run/probes.js";
import { readOrExplain } from "./run/read-or-explain.js";
import type { Results } from "./run/results.js";
import { allRuns, compare } from "./run/rounds.js";

// Compares Muove with its peers and with the wire on a real nats-server, and prints the results.

const processes = new URL("./processes/", import.meta.url);
const quick: ProbePlan = { seconds: 0.5, held: 20_000, mailboxes: 1_000, calls: 100_000 };
const thorough: ProbePlan = { seconds: 3, held: 20_000, mailboxes: 1_000, calls: 1_000_000 };

const given = readOrExplain(readArguments, usage);
if (given?.help) process.stdout.write(usage);
else if (given !== undefined) process.exitCode = await bench(given);

/** @returns the exit code: 1 if a contender failed. */
async function bench(args: Arguments): Promise<number> {
  const say = (text: string): void => void process[args.json ? "stderr" : "stdout"].write(`${text}\n`);
  const results = await measure(args, say);
  if (args.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else print(args, results, say);
  if (args.write) writeDocs("performance", page(results), drawComparison(results));
  return Object.keys(results.compared.failures).length === 0 ? 0 : 1;
}

async function measure(args: Arguments, say: (text: string) => void): Promise<Results> {
  const kit = testkit();
  try {
    const nats = await kit.nats({ on: "nats-server" });
    const bench = { kit, nats, processes, say };
    const about = aboutThis(nats, args);
    const compared = await compare(bench, {
      ...args,
      retries: args.full ? 2 : 0,
      profile: process.env.MUOVE_BENCH_PROF,
    });
    const alone = args.alone ? await probe(bench, args.full ? thorough : quick) : undefined;
    return { about, compared, alone };
  } finally {
    await kit.close();
  }
}

function print(args: Arguments, results: Results, say: (text: string) => void): void {
  for (const scenario of args.scenarios) {
    const rows = scenarioRows(scenario, results.compared);
    if (rows.length > 0) say(`\n${scenario}\n${textTable([scenarioHead, ...rows])}`);
  }
  say(`\n${othersShare(allRuns(results.compared))}`);
  const measured = targets(results).filter(({ verdict }) => verdict !== "not measured");
  const rows = measured.map(({ what, least, aim, measured, verdict }) => [what, least, aim, measured, verdict]);
  if (rows.length > 0) say(`\n${textTable([["", "at least", "aim", "measured", ""], ...rows])}`);
}
