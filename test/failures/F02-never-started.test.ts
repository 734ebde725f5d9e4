import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { addresses } from "./support/addresses.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { timed } from "./support/load.js";
import { startWorker } from "./support/worker.js";

failure("F2", "a call to a target that was never started is absent", async ({ nats, figure }) => {
  const { url } = await nats();
  await using bus = connect({ service: "caller", servers: url, logger: false });
  await connected(bus);
  await bus.to(worker).echo({ text: "warm" });

  const start = performance.now();
  const outcome = await bus.to(worker).echo({ text: "hello" });
  figure("until absent", performance.now() - start);

  expect(outcome).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
  expect(performance.now() - start).toBeLessThan(100);
});

for (const [name, to] of addresses) {
  failure("F2", `a call to ${name} is absent if none matches, even if others are there`, async (fault) => {
    const nats = await fault.nats();
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const echo = () => bus.to(worker, to("nobody")).echo({ text: "hello" });
    expect(await echo()).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });

    await startWorker(fault, nats, { TAGS: '{"region":"us"}' });
    const { value, ms } = await timed(echo);
    fault.figure(`until absent, to ${name}`, ms);
    expect(value).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
    expect(ms).toBeLessThan(100);
    expect(await bus.to(worker).echo({ text: "hello" })).toMatchObject({ status: "ok" });
  });
}

failure("F2", "a call by key or to everyone is absent when nobody serves the mailbox", async (fault) => {
  const nats = await fault.nats();
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const keyed = await timed(() => bus.to(worker, { key: "a" }).echo({ text: "hello" }));
  fault.figure("until absent, by key", keyed.ms);
  expect(keyed.value).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
  expect(keyed.ms).toBeLessThan(200);
  const entries = [];
  for await (const entry of bus.toAll(worker).echo({ text: "hello" })) entries.push(entry);
  expect(entries).toMatchObject([{ instance: undefined, outcome: { reason: "absent", delivered: "no" } }]);
});

failure("F2", "a monitor reports at once that a target that was never started is absent", async (fault) => {
  const nats = await fault.nats();
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  using monitor = bus.monitor(worker);
  const down = await timed(() => new Promise((resolve) => monitor.on("down", resolve)));
  fault.figure("until a monitor reports it", down.ms);
  expect(down.value).toEqual({ reason: "absent" });
  expect(down.ms).toBeLessThan(200);
});
