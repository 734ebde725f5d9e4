import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { addresses, tagged } from "./support/addresses.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { tally, timed } from "./support/load.js";
import { startWorker, statusOf } from "./support/worker.js";

failure(
  "F3",
  "a target that is killed: the next call is absent, the one under way ends by its deadline",
  async (fault) => {
    const nats = await fault.nats();
    const target = await startWorker(fault, nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);

    const underWay = timed(() => bus.to(worker).wait({ ms: 60_000 }, { timeout: 1_500 }));
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);
    await target.kill();

    // The process is gone; the server may have to read that from its socket yet.
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
  failure("F3", `a target that is killed is absent, addressed by ${name}, while others live`, async (fault) => {
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

failure("F3", "a monitor is told within a second that a target was killed, and who is left", async (fault) => {
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
  fault.figure("from the kill until a monitor is told", told.ms);
  expect(downs).toEqual([`${instance} gone`]);
  expect(told.ms).toBeLessThan(2_000);
  expect(monitor.instances.map((member) => member.instance)).toEqual([left.instance]);
});
