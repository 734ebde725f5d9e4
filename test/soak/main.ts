import { eventually, findNatsServer, type NatsOptions, testkit } from "@muove/testkit";
import type { BusStatus } from "muove";
import { Random } from "../support/random.js";
import { callFaults, injectFaults } from "./faults.js";
import { recordsIn } from "./records.js";
import { optionsOf, tell, tellFaults, type Verdict } from "./run.js";
import { startSystem, works } from "./system.js";
import { judge } from "./verdict.js";

// npm run soak -- [--seconds 300] [--seed 1] [--embedded] [--only "kill a worker,kill NATS"]
// Runs callers and workers under random faults, and then checks whether any outcome was a lie.

const { seconds, seed, faults, folder, values } = optionsOf(callFaults, { embedded: { type: "boolean" } });
const on = values.embedded || findNatsServer() === undefined ? "embedded" : "nats-server";

console.log(`Soak for ${seconds} s on ${on}, seed ${seed}`);
tell(await soak(), seed, folder);

async function soak(): Promise<Verdict> {
  await using kit = testkit();
  const nats = await kit.nats({ on } as NatsOptions);
  const system = await startSystem(kit, nats, folder, seed);
  tellFaults(await injectFaults(system, new Random(seed), seconds, faults));
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
