import { writeFileSync } from "node:fs";
import { eventually, type Service } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { Topology } from "../cluster/support/topology.js";
import { worker } from "../services/contract.js";
import { target } from "../services/target-contract.js";
import { connected } from "./support/bus.js";
import { failure, serverFailure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { startService } from "./support/services.js";
import { notesOf, startWorker, statusOf } from "./support/worker.js";

/** Longer than any of these tests takes, so a handler that ends sooner was aborted. */
const long = { ms: 30_000 };
const timeout = 30_000;
/** Enough for each of three instances to get some. */
const calls = 60;

failure(
  "F14",
  "an aborted call is cancelled/maybe at once, and its handler's signal aborts, on whichever instance it runs",
  async (fault) => {
    const nats = await fault.nats();
    const instances = await Promise.all([1, 2, 3].map(() => startWorker(fault, nats)));
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const made = Array.from({ length: calls }, () => {
      const controller = new AbortController();
      return { controller, answer: bus.to(worker).wait(long, { timeout, signal: controller.signal }) };
    });
    await eventually(async () => (await running(instances)) === calls);
    const [first, ...others] = made;

    const start = performance.now();
    first?.controller.abort();
    expect(await first?.answer).toMatchObject({ status: "unavailable", reason: "cancelled", delivered: "maybe" });
    fault.figure("until cancelled", performance.now() - start);
    await eventually(async () => (await aborted(instances)) === 1);
    fault.figure("until the handler's signal aborted", performance.now() - start);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await running(instances)).toBe(calls - 1);

    for (const { controller } of others) controller.abort();
    for (const { answer } of others) expect(await answer).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    await eventually(async () => (await aborted(instances)) === calls);
    const perInstance = await Promise.all(instances.map(async (instance) => (await notesOf(instance)).length));
    expect(Math.min(...perInstance)).toBeGreaterThan(0);
  },
);

serverFailure(
  "F14",
  "a call that aborts is cancelled on whichever instance it runs, in another account",
  async (fault) => {
    const nats = await new Topology(fault.kit).start("accounts.conf", "nats", { stock: "worker" });
    const CREDENTIALS = temporaryFile("credentials.json");
    writeFileSync(CREDENTIALS, JSON.stringify({ user: "worker", pass: "secret-1" }));
    const instances = await Promise.all([1, 2, 3].map(() => startWorker(fault, nats, { CREDENTIALS })));
    const credentials = { user: "shop", pass: "secret-2" };
    await using bus = connect({ service: "caller", servers: nats.url, credentials, logger: false });
    await connected(bus);
    const controller = new AbortController();
    const { signal } = controller;
    const made = Array.from({ length: calls }, () => bus.to(worker).wait(long, { timeout, signal }));
    await eventually(async () => (await running(instances)) === calls);
    expect(await aborted(instances)).toBe(0);

    const start = performance.now();
    controller.abort();
    for (const answer of made) expect(await answer).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    await eventually(async () => (await aborted(instances)) === calls);
    fault.figure("until the signals of 60 handlers in another account aborted", performance.now() - start);
    expect(await running(instances)).toBe(0);
  },
);

failure("F14", "a call that waits in the mailbox when its caller aborts never runs", async (fault) => {
  const nats = await fault.nats();
  const service = await startWorker(fault, nats, { CONCURRENCY: "1" });
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = bus.to(worker).wait(long, { timeout, signal: running.signal });
  await eventually(async () => (await statusOf(service)).mailboxes[0]?.running === 1);
  const second = bus.to(worker).record({ text: "ran" }, { timeout, signal: waiting.signal });
  await eventually(async () => (await statusOf(service)).mailboxes[0]?.waiting === 1);

  waiting.abort();
  expect(await second).toMatchObject({ reason: "cancelled", delivered: "maybe" });
  await eventually(async () => (await statusOf(service)).mailboxes[0]?.waiting === 0);
  running.abort();

  expect(await first).toMatchObject({ reason: "cancelled" });
  expect(await bus.to(worker).record({ text: "after" }, { timeout })).toMatchObject({ status: "ok" });
  expect(await notesOf(service)).toEqual(["aborted", "after"]);
});

failure("F14", "a call whose signal has already aborted is cancelled/no, and never sent", async (fault) => {
  const nats = await fault.nats();
  const service = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);

  const outcome = await bus.to(worker).record({ text: "ran" }, { signal: AbortSignal.abort() });

  expect(outcome).toMatchObject({ status: "unavailable", reason: "cancelled", delivered: "no" });
  expect(await bus.to(worker).record({ text: "after" }, { timeout })).toMatchObject({ status: "ok" });
  expect(await notesOf(service)).toEqual(["after"]);
});

failure(
  "F14",
  "a handler that rejects when its signal aborts, by its caller or at the deadline, has not crashed",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startService(fault, "target", nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const { pause, ping } = bus.to(target);
    expect(await ping()).toMatchObject({ status: "ok" });

    for (let i = 0; i < 20; i++) {
      expect(await pause({ ms: 0 }, { timeout: 60 })).toMatchObject({ status: "ok" }); // No circuit opens.
      expect(await pause({ ms: 30_000 }, { timeout: 50 })).toMatchObject({ reason: "timeout", delivered: "maybe" });
      const controller = new AbortController();
      const answer = pause({ ms: 30_000 }, { signal: controller.signal });
      await eventually(async () => (await statusOf(service)).mailboxes[0]?.running === 1);
      controller.abort();
      expect(await answer).toMatchObject({ reason: "cancelled", delivered: "maybe" });
      await eventually(async () => (await statusOf(service)).mailboxes[0]?.running === 0);
    }

    expect((await statusOf(service)).counts.crashed).toBe(0);
    expect(service.output).not.toMatch(/a handler threw/);
  },
);

const running = async (instances: readonly Service[]): Promise<number> =>
  sum((await Promise.all(instances.map(statusOf))).map(({ mailboxes }) => mailboxes[0]?.running ?? 0));

const aborted = async (instances: readonly Service[]): Promise<number> =>
  (await Promise.all(instances.map(notesOf))).flat().filter((note) => note === "aborted").length;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
