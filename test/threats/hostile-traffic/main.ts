import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findNatsServer, testkit } from "@muove/testkit";
import { recordsIn } from "../../soak/records.js";
import { judge } from "../../soak/verdict.js";
import { Random } from "../../support/random.js";
import { longestNet } from "../services/stalls.js";
import { type GoodCaller, System } from "./system.js";

// npm run hostile -- [--minutes 5 | --seconds 300] [--seed 1] [--rate 1000] [--embedded]
// Random hostile traffic from a peer with the guide's rights, against a system under normal load.

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
    rate: { type: "string" },
    embedded: { type: "boolean" },
  },
});
const seconds = Math.round(Number(values.seconds ?? 60 * Number(values.minutes ?? 5)));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const rate = Number(values.rate ?? 1_000);
const on = values.embedded || findNatsServer() === undefined ? "embedded" : "nats-server";
const load = 0.4;
const megabyte = 1_048_576;

type Vitals = Awaited<ReturnType<System["vitals"]>>;

const folder = mkdtempSync(join(tmpdir(), "muove-hostile-"));
console.log(`Hostile traffic for ${seconds} s at ${rate} messages/s on ${on}, seed ${seed}`);
const { problems, summary } = await run();
rmSync(folder, { recursive: true });
for (const problem of problems) console.log(`NOT HELD: ${problem}`);
console.log(problems.length === 0 ? `Held, seed ${seed}: ${summary}` : `${problems.length} not held, seed ${seed}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function run(): Promise<{ readonly problems: readonly string[]; readonly summary: string }> {
  await using kit = testkit();
  const system = await System.start(kit, on, folder, seed);
  const capacity = await system.capacity();
  await system.openLoop(load * capacity);
  const random = new Random(seed);
  // Warm, so that compiled code and pools do not count as growth.
  await system.attack(random, rate, Math.max(3, Math.ceil(seconds / 10)));
  const before = await system.vitals();
  const sent = await system.attack(random, rate, seconds);
  const after = await system.vitals();
  const caller = await system.stop();
  const { lies, counts } = judge(recordsIn(folder));
  await system.close();
  console.log(
    `Capacity: ${Math.round(capacity)} good calls/s; sent ${caller.calls} good calls and ${sent} hostile messages`,
  );
  for (const [outcome, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${outcome}`);
  const problems = [
    ...lies.slice(0, 5).map(({ what, evidence }) => `a lie: ${what}: ${JSON.stringify(evidence)}`),
    ...ofCaller(caller),
    ...after.all.flatMap((_, i) => ofProcess(before, after, i)),
  ];
  const answered = `${caller.ok} of ${caller.calls} good calls answered`;
  return { problems, summary: `${answered} under ${sent} hostile messages, ${lies.length} lies` };
}

function ofCaller({ calls, ok, events, seen, known }: GoodCaller): string[] {
  const answered = (100 * ok) / calls;
  console.log(`${answered.toFixed(2)} % of the good calls were answered; ${events} events heard`);
  return [
    ...(answered < 99 ? [`${answered.toFixed(2)} % of the good calls were answered`] : []),
    ...(events === 0 ? ["no events were heard"] : []),
    ...(seen.length !== 2 || known !== 2 ? [`a monitor reported ${seen.join(", ")}, and knows ${known}`] : []),
  ];
}

/** What did not hold for one of the processes. */
function ofProcess(before: Vitals, after: Vitals, i: number): string[] {
  const [was, is] = [before.all[i], after.all[i]];
  if (!was || !is) return ["a process is missing"];
  const growth = (is.memory - was.memory) / megabyte;
  const lines = (is.log.lines - was.log.lines) / seconds;
  const stall = longestNet(is.stalls, after.idle);
  const figures = `grew by ${growth.toFixed(1)} MB, logged ${lines.toFixed(1)} lines/s, longest stall ${stall.toFixed(0)} ms`;
  console.log(`${is.name}: ${figures}`);
  return [
    ...(growth > 16 ? [`${is.name} grew by ${growth.toFixed(1)} MB`] : []),
    ...(lines > 20 ? [`${is.name} logged ${lines.toFixed(1)} lines/s: ${JSON.stringify(is.log.texts)}`] : []),
    ...(stall > 100 ? [`${is.name} stalled for ${stall.toFixed(0)} ms`] : []),
    ...(is.status.connection.since !== was.status.connection.since ? [`${is.name} lost its connection`] : []),
  ];
}
