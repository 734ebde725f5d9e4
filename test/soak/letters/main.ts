import { eventually, type Testkit, testkit } from "@muove/testkit";
import type { BusStatus } from "muove";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";
import { Random } from "../../support/random.js";
import { type Injected, injectFaults, letterFaults } from "../faults.js";
import { keeper, recordsIn } from "../records.js";
import { optionsOf, tell, tellFaults, type Verdict } from "../run.js";
import { type Member, type System, startSystem, works } from "../system.js";
import { letters } from "./contract.js";
import { plants } from "./plants.js";
import type { LetterRecord, Trouble } from "./records.js";
import { recordStalls } from "./stalls.js";
import { Store } from "./store.js";
import { judge } from "./verdict.js";

// npm run soak -- --letters [--seconds 300] [--seed 1] [--only "kill a worker,kill NATS"] [--plant loss]
// Sends letters to several owners under random faults, and then checks what became of each. With --plant, one is lost, or
// doubled, when the faults are over, to be found.

/** How long letters may take until all are handled or dead when the faults are over, in ms: some wait for half a minute. */
const clearing = 150_000;
/** How long after it was decided upon a process is dead, in ms. */
const dying = 500;

/** What each fault does; what is not here does nothing that would excuse anything. */
const troubles: { readonly [fault: string]: Trouble["what"] } = {
  "kill a worker": "killed",
  "kill a caller": "killed",
  "kill NATS": "killed",
  "terminate a worker": "ended",
  "stop a worker": "stood still",
  "stop a worker for long": "stood still",
  "stop NATS": "stood still",
  "cut a connection": "cut",
  "black hole": "cut",
};

const { seconds, seed, faults, folder, values } = optionsOf(letterFaults, { plant: { type: "string" } });
const plant = typeof values.plant === "string" ? plants[values.plant] : undefined;
if (values.plant !== undefined && plant === undefined) throw new Error(`plants are ${Object.keys(plants).join(", ")}`);
const program = natsServerThatKeepsMail();
if (program === undefined) throw new Error("Letters need a nats-server of 2.10 or later: see scripts/nats-servers.sh");

console.log(`Soak with letters for ${seconds} s on ${program}, seed ${seed}`);
tell(await soak(program), seed, folder);

async function soak(program: string): Promise<Verdict> {
  await using kit = testkit();
  const keep = keeper<LetterRecord>(folder, "main");
  const system = await start(kit, program);
  recordStalls("everyone", keep); // The paths of all lead through this process.
  tellFaults(await injectFaults(system, new Random(seed), seconds, faults, (injected) => keepTrouble(injected, keep)));
  for (const { service } of system.callers) await service.ask("stop");
  await works(system); // The system has healed.
  await using store = await Store.open(system.nats.port, letters.name);
  await untilIdle(system, store);
  if (plant !== undefined) {
    await plant(system, store);
    await untilIdle(system, store);
  }
  for (const { service } of [...system.callers, ...system.workers]) await service.terminate();
  for (const dead of await store.dead()) keep(dead);
  return judge(recordsIn<LetterRecord>(folder));
}

async function start(kit: Testkit, program: string): Promise<System> {
  const nats = await kit.nats({ on: "nats-server", program, jetStream: true });
  return await startSystem(kit, nats, folder, seed, { worker: "letters/owner", caller: "letters/sender" });
}

function keepTrouble({ fault, of, from, to }: Injected, keep: (record: LetterRecord) => void): void {
  const what = troubles[fault];
  if (what === undefined) return;
  // What follows a killed process is another one; what follows a killed store is the same one, restarted.
  keep({ type: "trouble", what, of, from, to: what === "killed" && of !== "NATS" ? from + dying : to });
}

async function untilIdle({ callers, workers }: System, store: Store): Promise<void> {
  for (const { name, service } of callers) {
    const none = async (): Promise<boolean> => (await service.ask("pending")) === 0;
    await eventually(none, { within: 60_000, what: `${name} knows what became of all letters` });
  }
  const left = await store.empty(clearing);
  if (left > 0) console.log(`${left} letters are neither handled nor dead`);
  for (const worker of workers)
    await eventually(() => idle(worker), { within: 20_000, what: `${worker.name} is idle` });
}

async function idle({ service }: Member): Promise<boolean> {
  const { mailboxes } = await service.ask<BusStatus>("status");
  return mailboxes.every(({ state, waiting, running }) => state === "open" && waiting + running === 0);
}
