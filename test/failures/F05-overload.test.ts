import type { Service } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import type { Generated } from "../services/load.js";
import { middle } from "../services/middle-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { countsOf, startWorker } from "./support/worker.js";

/** How long a handler computes, in ms of CPU time. */
const work = 1;
const megabyte = 1_048_576;

failure(
  "F5",
  "under ten times the load, throughput stays, accepted calls are answered in time, and the rest is refused at once",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats);
    const caller = await startService(fault, "caller", nats);
    await caller.ask("inLanes", 16, work, 1_000); // Warm.
    const [most, usedByMost] = await metered(service, () => caller.ask<Generated>("inLanes", 16, work, 2_000));
    const capacity = perSecond(most);
    await caller.ask("atRate", 10 * capacity, work, 1_000);
    const before = await service.ask<number>("memory");

    const [load, used] = await metered(service, () => caller.ask<Generated>("atRate", 10 * capacity, work, 5_000));

    const growth = ((await service.ask<number>("memory")) - before) / megabyte;
    const {
      ok = 0,
      "overloaded/no": refused = 0,
      "timeout/maybe": late = 0,
      "circuit-open/no": spared = 0,
      ...others
    } = load.outcomes;
    const starved = Math.max(0, 1 - used.cpu / load.ms);
    const done = shareOfWork(usedByMost, used);
    fault.figure("capacity", capacity, "calls/s");
    fault.figure("load offered", (load.calls / load.ms) * 1_000, "calls/s");
    fault.figure("work done, of its capacity", (100 * perSecond(load)) / capacity, "%");
    fault.figure("work done at ten times the load, by CPU time", 100 * done, "%");
    fault.figure("time that its event loop was busy", 100 * used.busy, "%");
    fault.figure("accepted and answered too late", (100 * late) / (ok + late), "%");
    fault.figure("median time to a refusal", load.refusal);
    fault.figure("growth of the heap", growth, "MB");
    expect(load.calls / load.ms).toBeGreaterThan((5 * capacity) / 1_000);
    // Measured by CPU time, as others share the cores, among them the caller, which does ten times as much.
    expect(done).toBeGreaterThan(0.9);
    expect(used.busy).toBeGreaterThan(0.9);
    // Without admission nearly all answers would be late. Some are late while the service waits for a core.
    expect(late).toBeLessThan((0.1 + starved) * (ok + late));
    expect(others).toEqual({});
    expect(spared).toBeLessThan(0.2 * load.calls);
    expect(refused).toBeGreaterThan(ok);
    expect(load.withoutRetryAfter).toBe(0);
    expect(load.refusal).toBeLessThan(100);
    expect(growth).toBeLessThan(8);
  },
);

failure("F5", "only the outermost caller retries what an overloaded mailbox refused", async (fault) => {
  const nats = await fault.nats();
  const service = await startWorker(fault, nats, { BACKLOG: "1", CONCURRENCY: "1" });
  const between = await startService(fault, "middle", nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const overloaded = async (): Promise<number> => (await countsOf(service)).overloaded;
  const calls = 50;

  // A handler asks for retries on behalf of a caller that does not.
  const reports = Array.from({ length: calls }, () => bus.to(middle).report({ retries: 3 }, { timeout: 5_000 }));
  const outcomes = await Promise.all(reports);
  const workers = outcomes.map((outcome) => (outcome.status === "ok" ? outcome.value.worker : outcome.reason));
  expect(workers).toContain("overloaded");
  expect((await countsOf(service)).received).toBe(calls);
  expect((await countsOf(between)).retries).toBe(0);
  const refusedOnce = await overloaded();

  // The outermost caller retries, within its deadline and its budget.
  const waits = Array.from({ length: calls }, () => bus.to(worker).wait({ ms: 5 }, { timeout: 5_000, retries: 3 }));
  await Promise.all(waits);
  const { received } = await countsOf(service);
  expect(await overloaded()).toBeGreaterThan(refusedOnce);
  expect(received).toBeGreaterThan(2 * calls);
  expect(received).toBeLessThanOrEqual(2 * calls + 10 + calls / 10 + calls / 10); // The budget: ten, and a tenth of the calls.
  expect(bus.status.counts.retries).toBe(received - 2 * calls);
});

const perSecond = ({ outcomes, ms }: Generated): number => ((outcomes.ok ?? 0) / ms) * 1_000;

/** The CPU time that a service has used, and what it has done. */
interface Used {
  /** ms of CPU time. */
  readonly cpu: number;
  /** The share of the time in which its event loop was not idle. */
  readonly busy: number;
  readonly worked: number;
  readonly refused: number;
}

/**
 * The work that a service does when it is offered ten times its capacity, as a share of its capacity: its CPU time less
 * the cost of nine refusals for each call that it handles.
 */
function shareOfWork(most: Used, overloaded: Used): number {
  const work = most.cpu / most.worked;
  const refusal = (overloaded.cpu - overloaded.worked * work) / overloaded.refused;
  return work / (work + 9 * refusal);
}

/** Does something, and measures what a service uses meanwhile. */
async function metered<T>(service: Service, act: () => Promise<T>): Promise<[T, Used]> {
  const before = await meter(service);
  const done = await act();
  const after = await meter(service);
  const refused = after.refused - before.refused;
  const busy = (after.active - before.active) / (after.active + after.idle - before.active - before.idle);
  return [done, { cpu: after.cpu - before.cpu, busy, worked: after.received - before.received - refused, refused }];
}

async function meter(service: Service) {
  const { user, system } = await service.ask<NodeJS.CpuUsage>("cpu");
  const { active, idle } = await service.ask<{ readonly active: number; readonly idle: number }>("loop");
  const { received, overloaded, expired } = await countsOf(service);
  return { cpu: (user + system) / 1_000, active, idle, received, refused: overloaded + expired };
}
