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

/** What a handler computes for, in ms. */
const work = 1;
const megabyte = 1_048_576;

failure(
  "F5",
  "under ten times the load the work done stays, what is accepted is answered in time, the rest is refused at once",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats);
    const caller = await startService(fault, "caller", nats);
    await caller.ask("inLanes", 16, work, 1_000); // Warm.
    const [most, cpuOfMost] = await metered(service, () => caller.ask<Generated>("inLanes", 16, work, 2_000));
    const capacity = perSecond(most);
    await caller.ask("atRate", 10 * capacity, work, 1_000);
    const before = await service.ask<number>("memory");

    const [load, cpu] = await metered(service, () => caller.ask<Generated>("atRate", 10 * capacity, work, 5_000));

    const growth = ((await service.ask<number>("memory")) - before) / megabyte;
    const {
      ok = 0,
      "overloaded/no": refused = 0,
      "timeout/maybe": late = 0,
      "circuit-open/no": spared = 0,
      ...others
    } = load.outcomes;
    fault.figure("capacity", capacity, "calls/s");
    fault.figure("load offered", (load.calls / load.ms) * 1_000, "calls/s");
    fault.figure("work done, of what it can take", (100 * perSecond(load)) / capacity, "%");
    const efficiency = ok / cpu / ((most.outcomes.ok ?? 0) / cpuOfMost);
    fault.figure("work done, for the CPU time that it got", 100 * efficiency, "%");
    fault.figure("accepted and answered too late", (100 * late) / (ok + late), "%");
    fault.figure("median time to a refusal", load.refusal);
    fault.figure("growth of the heap", growth, "MB");
    expect(load.calls / load.ms).toBeGreaterThan((5 * capacity) / 1_000);
    // Where cores are few and others use them too, the service gets less of them while its caller does ten times as much.
    expect(efficiency).toBeGreaterThan(0.6);
    expect(perSecond(load)).toBeGreaterThan(0.25 * capacity);
    // Without admission nearly all of it comes too late; a few do where others use the cores, and may open the circuit.
    expect(late).toBeLessThan(0.5 * (ok + late));
    expect(others).toEqual({});
    expect(spared).toBeLessThan(0.2 * load.calls);
    expect(refused).toBeGreaterThan(ok);
    expect(load.withoutRetryAfter).toBe(0);
    expect(load.refusal).toBeLessThan(100);
    expect(growth).toBeLessThan(8);
  },
);

failure("F5", "only the outermost caller repeats what an overloaded mailbox refused", async (fault) => {
  const nats = await fault.nats();
  const service = await startWorker(fault, nats, { BACKLOG: "1", CONCURRENCY: "1" });
  const between = await startService(fault, "middle", nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const overloaded = async (): Promise<number> => (await countsOf(service)).overloaded;
  const calls = 50;

  // A handler asks for repeats, on behalf of a caller that does not.
  const reports = Array.from({ length: calls }, () => bus.to(middle).report({ retries: 3 }, { timeout: 5_000 }));
  const outcomes = await Promise.all(reports);
  const workers = outcomes.map((outcome) => (outcome.status === "ok" ? outcome.value.worker : outcome.reason));
  expect(workers).toContain("overloaded");
  expect((await countsOf(service)).received).toBe(calls);
  expect((await countsOf(between)).retries).toBe(0);
  const refusedOnce = await overloaded();

  // The outermost caller does: within its time, and within a budget.
  const waits = Array.from({ length: calls }, () => bus.to(worker).wait({ ms: 5 }, { timeout: 5_000, retries: 3 }));
  await Promise.all(waits);
  const { received } = await countsOf(service);
  expect(await overloaded()).toBeGreaterThan(refusedOnce);
  expect(received).toBeGreaterThan(2 * calls);
  expect(received).toBeLessThanOrEqual(2 * calls + 10 + calls / 10 + calls / 10); // The budget: ten, and a tenth of the calls.
  expect(bus.status.counts.retries).toBe(received - 2 * calls);
});

const perSecond = ({ outcomes, ms }: Generated): number => ((outcomes.ok ?? 0) / ms) * 1_000;

/** Does something, and says how much CPU time a service has used meanwhile, in ms. */
async function metered<T>(service: Service, act: () => Promise<T>): Promise<[T, number]> {
  const used = async (): Promise<number> => {
    const { user, system } = await service.ask<NodeJS.CpuUsage>("cpu");
    return (user + system) / 1_000;
  };
  const before = await used();
  const done = await act();
  return [done, (await used()) - before];
}
