import type { Service } from "@muove/testkit";
import type { Buried, Times } from "../probes/caller.js";
import type { Bench } from "./bench.js";
import { type Growth, growth } from "./growth.js";
import { type ImportSize, imports } from "./imports.js";
import { startProcess } from "./start-process.js";

export interface ProbePlan {
  /** How long to repeat timed work. */
  readonly seconds: number;
  /** The number of calls in flight for measuring memory. */
  readonly held: number;
  readonly mailboxes: number;
  /** The number of calls between two measurements of the heap. */
  readonly calls: number;
}

/** Results for Muove by itself. */
export interface Probed {
  readonly absent: Times;
  readonly unreachable: Times;
  readonly overloaded: Times;
  readonly buried: Buried;
  /** Bytes per call in flight. */
  readonly held: { readonly calls: number; readonly caller: number; readonly service: number };
  /** Bytes per mailbox, in its service and in its callers. */
  readonly mailboxes: { readonly count: number; readonly served: number; readonly addressed: number };
  readonly growth: Growth;
  /** By package. */
  readonly imports: Readonly<Record<string, ImportSize>>;
}

/** Measures Muove by itself. */
export async function probe(bench: Bench, plan: ProbePlan): Promise<Probed> {
  bench.say("Muove by itself: absence, memory, what is imported");
  const [service, caller] = [
    await startProcess(bench, "probe", "service"),
    await startProcess(bench, "probe", "caller"),
  ];
  try {
    const ask = <T>(name: string, ...args: unknown[]): Promise<T> => caller.ask<T>(name, ...args);
    const absent = await ask<Times>("absent", plan.seconds);
    const unreachable = await ask<Times>("unreachable", plan.seconds);
    const buried = await ask<Buried>("buried", plan.seconds);
    const held = await hold(service, caller, plan.held);
    await fill(service, caller);
    const overloaded = await ask<Times>("overloaded", plan.seconds);
    return {
      ...{ absent, unreachable, overloaded, buried, held },
      mailboxes: await mailboxes(bench, plan.mailboxes),
      growth: await growth(bench, plan.calls),
      imports: await imports(bench),
    };
  } finally {
    await Promise.all([service.kill(), caller.kill()]);
  }
}

async function hold(service: Service, caller: Service, calls: number): Promise<Probed["held"]> {
  await holdAndRelease(service, caller, 1_000); // One-time allocations.
  const [callerBefore, serviceBefore] = await memory(service, caller);
  const [callerThen, serviceThen] = await holdAndRelease(service, caller, calls);
  return { calls, caller: (callerThen - callerBefore) / calls, service: (serviceThen - serviceBefore) / calls };
}

/** One call in a handler and one that waits, so that there is no room for another. */
async function fill(service: Service, caller: Service): Promise<void> {
  await caller.ask("fill");
  while ((await service.ask<number>("held")) < 1);
  await caller.ask("fill");
}

/** @returns the memory of caller and service while the calls are in flight. */
async function holdAndRelease(service: Service, caller: Service, calls: number): Promise<readonly [number, number]> {
  await caller.ask("hold", calls);
  while ((await service.ask<number>("held")) < calls);
  const then = await memory(service, caller);
  await service.ask("release");
  const answered = await caller.ask("answered");
  if (answered !== calls) throw new Error(`only ${answered} of ${calls} held calls were answered`);
  return then;
}

async function memory(service: Service, caller: Service): Promise<readonly [number, number]> {
  return [await caller.ask<number>("memoryInUse"), await service.ask<number>("memoryInUse")];
}

async function mailboxes(bench: Bench, count: number): Promise<Probed["mailboxes"]> {
  const [serving, writing] = [
    await startProcess(bench, "probe", "mailboxes"),
    await startProcess(bench, "probe", "mailboxes"),
  ];
  const [served, addressed] = [
    await serving.ask<number>("served", count),
    await writing.ask<number>("addressed", count),
  ];
  await Promise.all([serving.kill(), writing.kill()]);
  return { count, served, addressed };
}
