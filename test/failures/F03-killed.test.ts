import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { addresses, tagged } from "./support/addresses.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { keys, ownersOf } from "./support/keys.js";
import { tally, timed } from "./support/load.js";
import { startWorker, statusOf } from "./support/worker.js";

failure(
  "F3",
  "when a target is killed, the next call is absent, and the one under way ends by its deadline",
  async (fault) => {
    const nats = await fault.nats();
    const target = await startWorker(fault, nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);

    const underWay = timed(() => bus.to(worker).wait({ ms: 60_000 }, { timeout: 1_500 }));
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);
    await target.kill();

    // The process is gone, but the server may still have to read that from its socket.
    const call = () => bus.to(worker).echo({ text: "next" }, { timeout: 100 });
    const gone = await timed(() => eventually(async () => tally([await call()])["absent/no"] === 1));
    fault.figure("from the kill until a call is absent", gone.ms);
    expect(gone.ms).toBeLessThan(1_000);

    const next = await timed(() => bus.to(worker).echo({ text: "next" }));
    expect(next.value).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
    expect(next.ms).toBeLessThan(250);

    const ended = await underWay;
    expect(ended.value).toMatchObject({ status: "unavailable", reason: "timeout", delivered: "maybe" });
    expect(ended.ms).toBeLessThan(1_500 + 1_000);
    fault.figure("the call under way, with 1,500 ms to go", ended.ms);
  },
);

for (const [name, to] of addresses) {
  failure("F3", `a target addressed by ${name} is absent once it is killed, while others are served`, async (fault) => {
    const nats = await fault.nats();
    const [target] = await Promise.all([startWorker(fault, nats, tagged), startWorker(fault, nats)]);
    const { instance } = await statusOf(target);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const there = bus.to(worker, to(instance));
    expect(await there.echo({ text: "hi" })).toMatchObject({ status: "ok" });

    const underWay = there.wait({ ms: 60_000 }, { timeout: 1_000 });
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);
    await target.kill();

    const call = () => there.echo({ text: "next" }, { timeout: 100 });
    const gone = await timed(() => eventually(async () => tally([await call()])["absent/no"] === 1));
    fault.figure(`from the kill until a call to ${name} is absent`, gone.ms);
    expect(gone.ms).toBeLessThan(1_000);
    expect(await bus.to(worker).echo({ text: "hi" })).toMatchObject({ status: "ok" });
    expect(await underWay).toMatchObject({ status: "unavailable", reason: "timeout", delivered: "maybe" });
  });
}

failure("F3", "a monitor reports that a target was killed, and knows who is left", async (fault) => {
  const nats = await fault.nats();
  const [target, other] = await Promise.all([startWorker(fault, nats), startWorker(fault, nats)]);
  const [{ instance }, left] = await Promise.all([statusOf(target), statusOf(other)]);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  using monitor = bus.monitor(worker);
  const downs: string[] = [];
  monitor.on("down", ({ instance, reason }) => downs.push(`${instance} ${reason}`));
  expect(await monitor.whenSettled()).toBe(true);
  expect(monitor.instances).toHaveLength(2);

  await target.kill();
  const told = await timed(() => eventually(() => downs.length > 0));
  fault.figure("from the kill until a monitor reports it", told.ms);
  expect(downs).toEqual([`${instance} gone`]);
  expect(told.ms).toBeLessThan(2_000);
  expect(monitor.instances.map((member) => member.instance)).toEqual([left.instance]);
});

failure(
  "F3",
  "only the keys of a killed instance move, and each key has one owner at a time",
  async (fault) => {
    const nats = await fault.nats();
    const [target, ...others] = await Promise.all([1, 2, 3].map(() => startWorker(fault, nats)));
    if (target === undefined) throw new Error("no target");
    const { instance } = await statusOf(target);
    const left = new Set(await Promise.all(others.map(async (other) => (await statusOf(other)).instance)));
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    using monitor = bus.monitor(worker);
    expect(await monitor.whenSettled()).toBe(true);
    const all = keys(10_000);
    const before = await ownersOf(bus, all);
    expect(await ownersOf(bus, all)).toEqual(before);
    const share = before.filter((owner) => owner === instance).length;
    fault.figure("keys of one of three instances, of 10,000", share, "keys");
    expect(share).toBeGreaterThan(3_000);
    expect(share).toBeLessThan(3_700);

    const underWay = bus.to(worker, { instance }).wait({ ms: 60_000 }, { timeout: 1_000 });
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);
    await target.kill();
    const first = await timed(() => ownersOf(bus, all)); // Does not wait for the monitor: an absent call shows it.
    fault.figure("10,000 calls by key, right after the kill", first.ms);
    const after = await ownersOf(bus, all);
    expect(after).toEqual(first.value);
    all.forEach((_, n) => {
      if (before[n] === instance) expect(left.has(after[n] ?? "")).toBe(true);
      else expect(after[n]).toBe(before[n]);
    });
    expect(new Set(after)).toEqual(left);
    expect(await underWay).toMatchObject({ reason: "timeout", delivered: "maybe" });
  },
  120_000,
);

failure("F3", "a call to everyone does not wait for an instance that is killed", async (fault) => {
  const nats = await fault.nats();
  const [target, other] = await Promise.all([startWorker(fault, nats), startWorker(fault, nats)]);
  const [killed, left] = await Promise.all([statusOf(target), statusOf(other)]);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  using monitor = bus.monitor(worker);
  expect(await monitor.whenSettled()).toBe(true);
  const waiting = { ms: 2_000 };
  const came = new Map<string | undefined, string>();
  const gathered = bus.toAll(worker).wait(waiting, { timeout: 20_000 });
  await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);
  await target.kill();
  const ended = await timed(async () => {
    for await (const { instance, outcome } of gathered) {
      came.set(instance, outcome.status === "unavailable" ? `${outcome.reason}/${outcome.delivered}` : outcome.status);
    }
  });
  expect(came).toEqual(
    new Map([
      [killed.instance, "timeout/maybe"],
      [left.instance, "ok"],
    ]),
  );
  expect(ended.ms).toBeLessThan(10_000);
});
