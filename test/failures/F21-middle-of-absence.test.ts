import { setTimeout as sleep } from "node:timers/promises";
import { eventually, type Nats, type Service } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { expect } from "vitest";
import { middle } from "../services/middle-contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { type Timed, tally, timed } from "./support/load.js";
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

    await expectOnlyDegraded(service, [
      { address: "worker.large", reason: "timeout" },
      { address: "archive.find", reason: "absent" },
    ]);
    expect(bus.health).toMatchObject({ live: true, ready: true, degraded: false, missing: [] });

    await hanging.continue();
    await eventually(async () => {
      const outcome = await bus.to(middle).report({ retries: 0 });
      return outcome.status === "ok" && outcome.value.worker === "ok";
    });
    await expectOnlyDegraded(service, [{ address: "archive.find", reason: "absent" }]);
  },
);

failure("F21", "no circuit opens because nested calls had only the rest of their caller's time", async (fault) => {
  const nats = await fault.nats();
  const [service] = await Promise.all([startService(fault, "middle", nats), startWorker(fault, nats)]);
  await using bus = await caller(nats);
  const worked = async (timeout: number) => {
    const outcome = await bus.to(middle).patient(undefined, { timeout });
    return outcome.status === "ok" ? outcome.value.worker : outcome.status;
  };
  expect(await worked(2_000)).toBe("ok");

  const hurried: string[] = [];
  for (let i = 0; i < 20; i++) hurried.push(await worked(60));
  expect(hurried).not.toContain("ok");

  expect(await service.ask("opened")).toEqual([]);
  for (let i = 0; i < 5; i++) expect(await worked(2_000)).toBe("ok");
});

for (const [how, timeout] of [
  ["budget", 2_000],
  ["budget by key", 2_000],
  ["nested", 1_500],
  ["nested", 450],
] as const) {
  failure(
    "F21",
    `a service in the middle keeps its capacity while what it calls hangs: ${how}, ${timeout} ms`,
    async (fault) => {
      const nats = await fault.nats();
      const [, hanging] = await Promise.all([startService(fault, "middle", nats), startWorker(fault, nats)]);
      await using bus = await caller(nats);
      const ask = () => bus.to(middle).ask({ how }, { timeout });
      expect(await ask()).toMatchObject({ value: { worker: "ok" } });
      await hanging.stop();

      const first = steady(330, 1_500, ask); // Those that find out.
      await sleep(1_500);
      const [asked, others] = await Promise.all([
        steady(330, 2_000, ask),
        steady(50, 2_000, () => bus.to(middle).alone()),
      ]);
      await first;
      for (const [what, calls] of [
        [`calls that use what hangs (${how}, ${timeout} ms)`, asked],
        [`calls beside them (${how}, ${timeout} ms)`, others],
      ] as const) {
        const outcomes = tally(calls.map(({ value }) => value));
        const median = calls.map(({ ms }) => ms).sort((a, b) => a - b)[calls.length >> 1] as number;
        fault.figure(`half of the ${what} are answered within`, median);
        expect((outcomes.ok ?? 0) / calls.length, JSON.stringify(outcomes)).toBeGreaterThan(0.95);
        expect(median).toBeLessThan(100);
      }
    },
  );
}

/** So many calls a second, for so many ms. */
async function steady<T>(rate: number, ms: number, call: () => PromiseLike<T>): Promise<Timed<T>[]> {
  const start = performance.now();
  const calls: Promise<Timed<T>>[] = [];
  for (let now = start; now < start + ms; now = performance.now()) {
    while (calls.length < ((now - start) * rate) / 1_000) calls.push(timed(call));
    await sleep(5);
  }
  return Promise.all(calls);
}

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
