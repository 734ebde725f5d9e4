import { testkit } from "@muove/testkit";
import { othersShare } from "../report/others-share.js";
import { readOrExplain } from "../run/read-or-explain.js";
import { type Arguments, readArguments, usage } from "./arguments.js";
import { Checkout } from "./checkout.js";
import { pairs } from "./pairs.js";
import { table } from "./table.js";

// Compares the CPU time of a call between another commit and this checkout, on one nats-server.

const given = readOrExplain(readArguments, usage);
if (given !== undefined) await compare(given);

async function compare(args: Arguments): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(`Installing and building ${args.ref} …`);
  await using checkout = await Checkout.of(args.ref);
  await using kit = testkit();
  const nats = await kit.nats({ on: "nats-server" });
  const after = { kit, nats, processes: new URL("../processes/", import.meta.url), say };
  const before = { ...after, processes: checkout.processes };
  const compared = await pairs(before, after, args);
  say(`\n${args.scenario}, ${args.pairs} pairs of ${args.seconds} s each\n`);
  say(table(compared));
  say(`\n${othersShare(compared.flatMap(({ before, after }) => [before, after]))}`);
}
