import { setTimeout as sleep } from "node:timers/promises";
import type { Nats } from "@muove/testkit";
import type { Random } from "../support/random.js";
import type { Member, System } from "./system.js";

/** Injects a fault and heals it. Resolves to whether there was anything to inject it into. */
type Fault = (system: System, random: Random) => Promise<boolean>;

const everyone = ({ workers, callers }: System): Member[] => [...workers, ...callers];

/** A random member without a fault; `undefined` if there is none. */
function free(members: readonly Member[], random: Random): Member | undefined {
  const candidates = members.filter(({ busy }) => !busy);
  return candidates.length === 0 ? undefined : random.pick(candidates);
}

/** A fault of one worker, which has no other one meanwhile. */
function toWorker(act: (worker: Member, random: Random) => Promise<void>): Fault {
  return async ({ workers }, random) => {
    const worker = free(workers, random);
    if (worker === undefined) return false;
    worker.busy = true;
    await act(worker, random);
    worker.busy = false;
    return true;
  };
}

/** A fault of the path of one member. Several of these may overlap. */
function onTheWay(act: (member: Member, random: Random) => Promise<void>): Fault {
  return async (system, random) => {
    await act(random.pick(everyone(system)), random);
    return true;
  };
}

let natsBusy = false;

/** A fault of NATS, which has no other one meanwhile. */
function toNats(act: (nats: Nats, random: Random) => Promise<void>): Fault {
  return async ({ nats }, random) => {
    if (natsBusy) return false;
    natsBusy = true;
    await act(nats, random);
    natsBusy = false;
    return true;
  };
}

const faults: { readonly [name: string]: Fault } = {
  "kill a worker": toWorker(async (worker, random) => {
    await worker.service.kill();
    await sleep(random.between(0, 1_500));
    await worker.restart();
  }),
  "stop a worker": toWorker(async (worker, random) => {
    await worker.service.stop();
    await sleep(random.between(50, 3_000));
    await worker.service.continue();
  }),
  "terminate a worker": toWorker(async (worker) => {
    const { code, signal } = await worker.service.terminate();
    if (code !== 0) throw new Error(`${worker.name} ended with ${code ?? signal} at SIGTERM: ${worker.service.output}`);
    await worker.restart();
  }),
  "cut a connection": onTheWay(async ({ proxy }) => proxy.cut()),
  "black hole": onTheWay(async ({ proxy }, random) => {
    proxy.blackHole({ direction: random.pick(["both", "toServer", "toClient"]) });
    await sleep(random.between(200, 4_000));
    await proxy.heal();
  }),
  "slow path": onTheWay(async ({ proxy }, random) => {
    proxy.slow(random.between(5, 200));
    await sleep(random.between(200, 3_000));
    await proxy.heal();
  }),
  "kill NATS": toNats(async (nats, random) => {
    await nats.kill();
    await sleep(random.between(0, 2_000));
    await nats.start();
  }),
  "stop NATS": toNats(async (nats, random) => {
    await nats.stop();
    await sleep(random.between(50, 2_000));
    await nats.continue();
  }),
  burst: async ({ callers }, random) => {
    await random.pick(callers).service.ask("burst", random.between(100, 1_000));
    return true;
  },
};

/** The names of all faults. */
export const allFaults: readonly string[] = Object.keys(faults);

/** Injects the named faults at random, several at once, until the time is over. Resolves when all are healed. */
export async function injectFaults(
  system: System,
  random: Random,
  seconds: number,
  names = allFaults,
): Promise<{ [name: string]: number }> {
  const counts: { [name: string]: number } = {};
  const underWay = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end && errors.length === 0) {
    await sleep(random.between(50, 1_000));
    const name = random.pick(names);
    const inject = async (): Promise<void> => {
      if (await faults[name]?.(system, random)) counts[name] = (counts[name] ?? 0) + 1;
    };
    const fault = inject().catch((error: unknown) => void errors.push(error));
    underWay.add(fault);
    void fault.then(() => underWay.delete(fault));
  }
  await Promise.all(underWay);
  await Promise.all(everyone(system).map(({ proxy }) => proxy.heal()));
  if (errors.length > 0) throw errors[0];
  return counts;
}
