import { eventually, freePort } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { tally, timed } from "./support/load.js";
import { countsOf, healthOf, notesOf, startWorker, statusOf } from "./support/worker.js";

failure("F10", "a handler that never returns is a timeout for its caller, and its slot is freed", async (fault) => {
  const nats = await fault.nats();
  const target = await startWorker(fault, nats, { CONCURRENCY: "2" });
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const to = bus.to(worker);

  const [hung] = await Promise.all([to.hang(), to.wait({ ms: 60_000 }, { timeout: 1_000 })]);
  expect(hung).toMatchObject({ reason: "timeout", delivered: "maybe" });
  const free = await timed(() => eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 0));
  fault.figure("from the deadline until the slots are free", free.ms);
  expect(free.ms).toBeLessThan(3_000);
  await eventually(async () => (await notesOf(target)).includes("aborted")); // By the handler that watches its signal.

  // One handler still runs. Two more that run at the same time show that both slots are free.
  const both = await timed(() => Promise.all([1, 2].map(() => to.wait({ ms: 2_000 }, { timeout: 10_000 }))));
  expect(tally(both.value)).toEqual({ ok: 2 });
  expect(both.ms).toBeLessThan(3_900);
  expect(await countsOf(target)).toMatchObject({ overdue: 2 });
  expect(target.output).toMatch(/worker\.hang.*exceeded its deadline/);
  expect(await healthOf(target)).toMatchObject({ live: true, problems: [] });
});

failure("F10", "with as many runaway handlers as slots, the mailbox refuses and liveness fails", async (fault) => {
  const nats = await fault.nats();
  const port = await freePort();
  const env = { CONCURRENCY: "3", HEALTH_PORT: String(port) };
  const target = await startWorker(fault, nats, env);
  const livez = async () => (await fetch(`http://127.0.0.1:${port}/livez`)).status;
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const to = bus.to(worker);

  const call = () => to.hang(undefined, { timeout: 250 });
  expect(tally(await Promise.all([call(), call()]))).toEqual({ "timeout/maybe": 2 });
  expect(await to.echo({ text: "one slot left" }, { timeout: 2_000 })).toMatchObject({ status: "ok" });
  expect(await livez()).toBe(200);

  await call();
  await eventually(async () => (await countsOf(target)).overdue === 3);
  const refused = await timed(() => to.echo({ text: "no slot left" }, { timeout: 2_000 }));
  expect(refused.value).toMatchObject({ reason: "overloaded", delivered: "no", retryAfter: expect.any(Number) });
  fault.figure("a refusal by a mailbox whose slots are all gone", refused.ms);
  expect(refused.ms).toBeLessThan(250);
  // They have outlived their callers' deadlines, and exceed the contract's timeout some ms later.
  await eventually(async () => (await livez()) === 503);
  expect((await healthOf(target)).problems).toEqual([expect.stringContaining("the mailbox worker is stuck")]);

  await target.terminate(); // What a supervisor does when liveness fails.
  await startWorker(fault, nats, env);
  expect(await to.echo({ text: "restarted" }, { timeout: 2_000 })).toMatchObject({ status: "ok" });
  expect(await livez()).toBe(200);
});
