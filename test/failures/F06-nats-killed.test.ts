import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { type Bus, connect, type DeadLetter } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { load, tally, timed, typical } from "./support/load.js";
import { notesOf, startWorker, statusOf } from "./support/worker.js";

/** A NATS, a worker and a connected caller. */
async function system(fault: Fault) {
  const nats = await fault.nats();
  const target = await startWorker(fault, nats);
  const bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  return { nats, target, bus };
}

/** How long it takes until a call is answered again, in ms. */
async function healing(bus: Bus): Promise<number> {
  const healed = await timed(() =>
    eventually(async () => (await bus.to(worker).echo({ text: "back" })).status === "ok", { within: 20_000 }),
  );
  return healed.ms;
}

failure("F6", "calls under way end at once when NATS is killed, and new ones are unreachable", async (fault) => {
  const { nats, target, bus: opened } = await system(fault);
  await using bus = opened;
  const underWay = Array.from({ length: 50 }, () => bus.to(worker).wait({ ms: 60_000 }, { timeout: 60_000 }));
  await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 50);

  await nats.kill();
  const ended = await timed(() => Promise.all(underWay));
  fault.figure("from the end of NATS until 50 calls under way have ended", ended.ms);
  expect(tally(ended.value)).toEqual({ "unreachable/maybe": 50 });
  expect(ended.ms).toBeLessThan(1_000);

  const next = await typical(21, () => bus.to(worker).echo({ text: "hi" }));
  expect(next.value).toMatchObject({ reason: "unreachable", delivered: "no" });
  fault.figure("a call while NATS is away", next.ms);
  expect(next.ms).toBeLessThan(50);
});

failure("F6", "when NATS is away for 1 s under load, every call has an outcome, and all recover", async (fault) => {
  const { nats, bus: opened } = await system(fault);
  await using bus = opened;
  const calls = load(20, () => bus.to(worker).wait({ ms: 5 }, { timeout: 1_000 }));
  await eventually(() => calls.done.length >= 200);
  await nats.kill();
  await sleep(1_000);
  await nats.start();
  const ms = await healing(bus);
  fault.figure("from NATS being back after 1 s until a call is answered", ms);
  expect(ms).toBeLessThan(6_000);

  const healthy = calls.done.length + 20; // Those under way may have been sent before the worker was back.
  await eventually(() => calls.done.length >= healthy + 200);
  const outcomes = await calls.stop();
  const during = tally(outcomes.slice(0, healthy));
  expect(during["unreachable/maybe"]).toBeGreaterThan(0);
  expect(during["unreachable/no"]).toBeGreaterThan(0);
  const { ok, "absent/no": _, ...others } = during;
  expect(Object.keys(others).sort()).toEqual(["unreachable/maybe", "unreachable/no"]);
  expect(tally(outcomes.slice(healthy))).toEqual({ ok: outcomes.length - healthy });
});

failure(
  "F6",
  "when NATS is away for 30 s, nobody gives up, and all recover",
  async (fault) => {
    const { nats, target, bus: opened } = await system(fault);
    await using bus = opened;
    const calls = load(5, () => bus.to(worker).echo({ text: "hi" }), 50);
    await nats.kill();
    await sleep(30_000);
    expect(tally(calls.done.slice(-100))).toEqual({ "unreachable/no": 100 });
    expect(bus.health).toMatchObject({ live: true, ready: true, degraded: true });
    expect(target.running).toBe(true);

    await nats.start();
    const ms = await healing(bus);
    await calls.stop();
    fault.figure("from NATS being back after 30 s until a call is answered", ms);
    expect(ms).toBeLessThan(6_000);
  },
  90_000,
);

failure("F6", "casts follow their policy while NATS is away: fail, drop, or buffer and keep order", async (fault) => {
  const { nats, target, bus: opened } = await system(fault);
  await using bus = opened;
  const dead: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => dead.push(letter));
  await nats.kill();
  await eventually(() => bus.status.connection.state === "down");

  const { note } = bus.to(worker);
  expect(note({ text: "fails" })).toMatchObject({ status: "unsent", reason: "unreachable", delivered: "no" });
  expect(note({ text: "is dropped" }, { whenUnreachable: "drop" })).toMatchObject({ status: "unsent" });
  expect(note({ text: "expires" }, { whenUnreachable: { bufferFor: 50 } })).toEqual({ status: "buffered" });
  const texts = Array.from({ length: 500 }, (_, i) => `waits ${i}`);
  for (const text of texts) {
    expect(note({ text }, { whenUnreachable: { bufferFor: 30_000 } })).toEqual({ status: "buffered" });
  }
  expect(bus.status.counts.droppedCasts).toBe(1);
  await eventually(() => dead.length === 2);
  expect(dead).toMatchObject([
    { input: { text: "fails" }, reason: "unreachable", delivered: "no" },
    { input: { text: "expires" }, reason: "unreachable", delivered: "no" },
  ]);

  await nats.start();
  await eventually(async () => (await notesOf(target)).length === texts.length, { within: 10_000 });
  expect(await notesOf(target)).toEqual(texts);
  expect(dead).toHaveLength(2);
});
