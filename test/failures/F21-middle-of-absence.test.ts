import type { Nats, Service } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { expect } from "vitest";
import { middle } from "../services/middle-contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { healthOf, startWorker } from "./support/worker.js";

/** Less than the two seconds that a call to the worker may take by its contract. */
const deadline = 1_900;

failure(
  "F21",
  "a service whose peers are all gone answers degraded, stays live and ready, and names them",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startService(fault, "middle", nats);
    await using bus = await caller(nats);

    expect((await reports(fault, bus)).at(0)).toEqual({ worker: "absent", archive: "absent" });

    await expectOnlyDegraded(service, [
      { address: "worker.large", reason: "absent" },
      { address: "archive.find", reason: "absent" },
    ]);
    expect(bus.health).toMatchObject({ live: true, ready: true, degraded: false, missing: [] });
  },
);

failure(
  "F21",
  "a service whose peer hangs answers degraded within its caller's deadline, and nothing cascades",
  async (fault) => {
    const nats = await fault.nats();
    const [service, hanging] = await Promise.all([startService(fault, "middle", nats), startWorker(fault, nats)]);
    await using bus = await caller(nats);
    expect(await bus.to(middle).report({ retries: 0 })).toMatchObject({ value: { worker: "ok", archive: "absent" } });
    await hanging.stop();

    expect((await reports(fault, bus)).at(0)).toEqual({ worker: "timeout", archive: "absent" });

    // Its calls had only the rest of its caller's time, which says nothing of the worker.
    expect(await service.ask("opened")).toEqual([]);
    await expectOnlyDegraded(service, [
      { address: "worker.large", reason: "timeout" },
      { address: "archive.find", reason: "absent" },
    ]);
    expect(bus.health).toMatchObject({ live: true, ready: true, degraded: false, missing: [] });

    await hanging.continue();
    expect(await bus.to(middle).report({ retries: 0 })).toMatchObject({ value: { worker: "ok" } });
    await expectOnlyDegraded(service, [{ address: "archive.find", reason: "absent" }]);
  },
);

/** Twenty calls at once, all of them answered in time, all in the same way. */
async function reports({ figure }: Fault, bus: Bus): Promise<readonly unknown[]> {
  const start = performance.now();
  const call = () => bus.to(middle).report({ retries: 0 }, { timeout: deadline });
  const outcomes = await Promise.all(Array.from({ length: 20 }, call));
  figure(`20 answers within ${deadline} ms`, performance.now() - start);
  const values = outcomes.map((outcome) => (outcome.status === "ok" ? outcome.value : outcome));
  expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1);
  return values;
}

async function expectOnlyDegraded(service: Service, missing: readonly object[]): Promise<void> {
  const health = await healthOf(service);
  expect(health).toMatchObject({ live: true, ready: true, degraded: true, problems: [] });
  expect(health.missing).toHaveLength(missing.length);
  expect(health.missing).toEqual(expect.arrayContaining(missing.map((peer) => expect.objectContaining(peer))));
}

async function caller({ url }: Nats): Promise<Bus> {
  const bus = connect({ service: "caller", servers: url, logger: false });
  await connected(bus);
  return bus;
}
