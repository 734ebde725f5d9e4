import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eventually, findNatsServer, type NatsOptions, testkit } from "@muove/testkit";
import type { BusStatus } from "muove";
import { Random } from "../support/random.js";
import { allFaults, injectFaults } from "./faults.js";
import { recordsIn } from "./records.js";
import { startSystem, works } from "./system.js";
import { judge, type Verdict } from "./verdict.js";

// npm run soak -- [--seconds 300] [--seed 1] [--embedded] [--only "kill a worker,kill NATS"]
// Runs callers and workers under random faults, and then checks whether any outcome was a lie.

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    seed: { type: "string" },
    embedded: { type: "boolean" },
    only: { type: "string" },
  },
});
const seconds = Number(values.seconds ?? 300);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const faults = values.only?.split(",") ?? allFaults;
const unknown = faults.filter((name) => !allFaults.includes(name));
if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(", ")}; there are ${allFaults.join(", ")}`);
const on = values.embedded || findNatsServer() === undefined ? "embedded" : "nats-server";

const folder = mkdtempSync(join(tmpdir(), "muove-soak-"));
console.log(`Soak for ${seconds} s on ${on}, seed ${seed}`);
const verdict = await soak();
for (const [outcome, count] of Object.entries(verdict.counts)) console.log(`${String(count).padStart(8)} ${outcome}`);
if (verdict.lies.length === 0) {
  rmSync(folder, { recursive: true });
  console.log(`No lies, seed ${seed}`);
} else {
  for (const { what, evidence } of verdict.lies.slice(0, 20)) {
    console.log(`LIE: ${what}`);
    for (const record of evidence) console.log(`  ${JSON.stringify(record)}`);
  }
  console.log(`${verdict.lies.length} lies, seed ${seed}; all records are in ${folder}`);
  process.exitCode = 1;
}

async function soak(): Promise<Verdict> {
  await using kit = testkit();
  const nats = await kit.nats({ on } as NatsOptions);
  const system = await startSystem(kit, nats, folder, seed);
  const injected = await injectFaults(system, new Random(seed), seconds, faults);
  console.log(
    `Faults: ${Object.entries(injected)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
  );
  for (const { service } of system.callers) await service.ask("stop");
  await works(system); // The system has healed.
  for (const { name, service } of system.callers) {
    await eventually(async () => (await service.ask("pending")) === 0, {
      within: 20_000,
      what: `all calls of ${name} have ended`,
    });
  }
  for (const { name, service } of system.workers) {
    const status = (): Promise<BusStatus> => service.ask<BusStatus>("status");
    const idle = async (): Promise<boolean> =>
      (await status()).mailboxes.every(({ state, waiting, running }) => state === "open" && waiting + running === 0);
    await eventually(idle, { within: 20_000, what: `${name} has an open and empty mailbox` });
  }
  for (const { service } of [...system.callers, ...system.workers]) await service.terminate();
  return judge(recordsIn(folder));
}
