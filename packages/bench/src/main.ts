import { testkit } from "@muove/testkit";
import { type Arguments, readArguments, usage } from "./arguments.js";
import { table } from "./report/table.js";
import { type ProbePlan, probe } from "./run/probes.js";
import { compare } from "./run/rounds.js";

const quick: ProbePlan = { seconds: 0.5, held: 20_000, mailboxes: 1_000, calls: 100_000 };
const thorough: ProbePlan = { seconds: 3, held: 20_000, mailboxes: 1_000, calls: 1_000_000 };

// Compares Muove with its peers and with the wire, on a real nats-server, and prints what came of it.

const given = read();
if (given?.help) process.stdout.write(usage);
else if (given !== undefined) process.exitCode = await bench(given);

async function bench(args: Arguments): Promise<number> {
  const say = (text: string): void => void process[args.json ? "stderr" : "stdout"].write(`${text}\n`);
  const kit = testkit();
  try {
    const nats = await kit.nats({ on: "nats-server" });
    const compared = await compare({ kit, nats, say }, { ...args, profile: process.env.MUOVE_BENCH_PROF });
    const alone = args.alone ? await probe({ kit, nats, say }, args.full ? thorough : quick) : undefined;
    if (args.json) process.stdout.write(`${JSON.stringify({ ...compared, alone }, null, 2)}\n`);
    else for (const scenario of args.scenarios) say(`\n${table(scenario, compared)}`);
    return Object.keys(compared.failures).length === 0 ? 0 : 1;
  } finally {
    await kit.close();
  }
}

function read(): Arguments | undefined {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
