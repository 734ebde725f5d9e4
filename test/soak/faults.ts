import { setTimeout as sleep } from "node:timers/promises";
import type { Nats } from "@muove/testkit";
import type { Random } from "../support/random.js";
import type { Member, System } from "./system.js";

/** Injects a fault and heals it. Resolves to what it was injected into; to `undefined` if there was nothing. */
type Fault = (system: System, random: Random) => Promise<string | undefined>;

/** A fault that was injected. */
export interface Injected {
  readonly fault: string;
  /** The name of a member, or `NATS`. */
  readonly of: string;
  /** In ms since the epoch, until it was healed. */
  readonly from: number;
  readonly to: number;
}

const everyone = ({ workers, callers }: System): Member[] => [...workers, ...callers];

/** A random member without a fault; `undefined` if there is none. */
function free(members: readonly Member[], random: Random): Member | undefined {
  const candidates = members.filter(({ busy }) => !busy);
  return candidates.length === 0 ? undefined : random.pick(candidates);
}

/** A fault of one process, which has no other one meanwhile. */
function toOne(of: "workers" | "callers", act: (member: Member, random: Random) => Promise<void>): Fault {
  return async (system, random) => {
    const member = free(system[of], random);
    if (member === undefined) return undefined;
    member.busy = true;
    await act(member, random);
    member.busy = false;
    return member.name;
  };
}

/** A fault of the path of one member. Several of these may overlap. */
function onTheWay(act: (member: Member, random: Random) => Promise<void>): Fault {
  return async (system, random) => {
    const member = random.pick(everyone(system));
    await act(member, random);
    return member.name;
  };
}

let natsBusy = false;

/** A fault of NATS, which has no other one meanwhile. */
function toNats(act: (nats: Nats, random: Random) => Promise<void>): Fault {
  return async ({ nats }, random) => {
    if (natsBusy) return undefined;
    natsBusy = true;
    await act(nats, random);
    natsBusy = false;
    return "NATS";
  };
}

async function kill(member: Member, random: Random): Promise<void> {
  await member.service.kill();
  await sleep(random.between(0, 1_500));
  await member.restart();
}

function stop(least: number, most: number): (member: Member, random: Random) => Promise<void> {
  return async ({ service }, random) => {
    await service.stop();
    await sleep(random.between(least, most));
    await service.continue();
  };
}

const faults = {
  "kill a worker": toOne("workers", kill),
  "stop a worker": toOne("workers", stop(50, 3_000)),
  "terminate a worker": toOne("workers", async (worker) => {
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
  burst: toOne("callers", ({ service }, random) => service.ask("burst", random.between(100, 1_000))),
} satisfies { [name: string]: Fault };

/** Faults that only letters survive. */
const forLetters = {
  "kill a caller": toOne("callers", kill),
  "stop a worker for long": toOne("workers", stop(3_000, 8_000)),
} satisfies { [name: string]: Fault };

const all: { readonly [name: string]: Fault } = { ...faults, ...forLetters };

/** The names of the faults of a soak with calls, and of one with letters. */
export const callFaults: readonly string[] = Object.keys(faults);
export const letterFaults: readonly string[] = Object.keys(all);

/**
 * Injects the named faults at random, several at once, until the time is over. Resolves when all are healed.
 *
 * @param healed is told of each fault when it is over.
 */
export async function injectFaults(
  system: System,
  random: Random,
  seconds: number,
  names: readonly string[],
  healed: (injected: Injected) => void = () => {},
): Promise<{ [name: string]: number }> {
  const counts: { [name: string]: number } = {};
  const underWay = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end && errors.length === 0) {
    await sleep(random.between(50, 1_000));
    const name = random.pick(names);
    const inject = async (): Promise<void> => {
      const from = Date.now();
      const of = await all[name]?.(system, random);
      if (of === undefined) return;
      counts[name] = (counts[name] ?? 0) + 1;
      healed({ fault: name, of, from, to: Date.now() });
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
