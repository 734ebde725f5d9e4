import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { connect, type Outcome } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { addresses, tagged } from "./support/addresses.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { keys, ownersOf } from "./support/keys.js";
import { load, tally, timed } from "./support/load.js";
import { countsOf, notesOf, startWorker, statusOf } from "./support/worker.js";

failure("F4", "when a target hangs, the circuit opens after a few timeouts, and closes by itself", async (fault) => {
  const nats = await fault.nats();
  const target = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const circuit: string[] = [];
  bus.on("circuitOpened", ({ address }) => circuit.push(`opened ${address}`));
  bus.on("circuitClosed", ({ address }) => circuit.push(`closed ${address}`));
  const echo = () => bus.to(worker).echo({ text: "hi" });
  expect(await echo()).toMatchObject({ status: "ok" });
  await target.stop();

  const outcomes: Outcome<unknown>[] = [];
  const slow = await timed(() =>
    eventually(async () => {
      outcomes.push(await echo());
      return circuit.length > 0;
    }),
  );
  fault.figure("timeouts until the circuit opens", outcomes.length, "calls");
  expect(Object.keys(tally(outcomes))).toEqual(["timeout/maybe"]);
  expect(outcomes.length).toBeLessThan(5);
  expect(slow.ms).toBeLessThan(outcomes.length * (250 + 250));

  const calls = await Promise.all(Array.from({ length: 20 }, () => timed(() => echo().orElse({ text: "instead" }))));
  const spared = calls.filter(({ value }) => value.status === "degraded" && value.reason === "circuit-open");
  expect(spared.length).toBeGreaterThanOrEqual(19); // One may be let through, to try.
  expect(spared[0]?.value).toMatchObject({ status: "degraded", delivered: "no", value: { text: "instead" } });
  const longest = Math.max(...spared.map(({ ms }) => ms));
  fault.figure("20 calls while it is open", longest);
  expect(longest).toBeLessThan(200);

  await target.continue();
  const healed = await timed(() => eventually(async () => (await echo()).status === "ok"));
  fault.figure("from SIGCONT until a call is answered", healed.ms);
  expect(healed.ms).toBeLessThan(6_000);
  expect(circuit).toEqual(["opened worker.echo", "closed worker.echo"]);
});

failure("F4", "a call that arrives after its deadline is dropped, and no handler runs", async (fault) => {
  const nats = await fault.nats();
  const target = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const record = (text: string) => bus.to(worker).record({ text });
  // The service learns from earlier messages how long the way takes.
  for (let i = 0; i < 10; i++) await bus.to(worker).echo({ text: "hi" });
  expect(await record("before")).toMatchObject({ status: "ok" });

  await target.stop();
  const late = await Promise.all(["late 1", "late 2", "late 3"].map(record));
  expect(tally(late)).toEqual({ "timeout/maybe": 3 });
  bus.to(worker).note({ text: "a cast has no deadline" });
  await sleep(1_000); // Far past their deadlines, however busy this machine is.
  await target.continue();

  await eventually(async () => (await countsOf(target)).expired === 3);
  await eventually(async () => (await record("after")).status === "ok");
  expect(await notesOf(target)).toEqual(["before", "a cast has no deadline", "after"]);
});

failure(
  "F4",
  "when one of three instances hangs, a third of the calls time out, and the circuit stays closed",
  async (fault) => {
    const nats = await fault.nats();
    const targets = await Promise.all([1, 2, 3].map(() => startWorker(fault, nats)));
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const opened: string[] = [];
    bus.on("circuitOpened", ({ address }) => opened.push(address));
    await targets[0]?.stop();

    const calls = load(30, () => bus.to(worker).echo({ text: "hi" }));
    await eventually(() => calls.done.length >= 1_000, { within: 30_000 });
    const outcomes = tally(await calls.stop());

    // On a busy machine, a mailbox may refuse calls as overloaded.
    const { ok = 0, "timeout/maybe": late = 0, "overloaded/no": refused = 0, ...others } = outcomes;
    const share = (100 * late) / (ok + late);
    fault.figure("calls that time out while one of three instances hangs", share, "%");
    expect(others).toEqual({});
    expect(refused).toBeLessThan(ok / 10);
    expect(share).toBeGreaterThan(20);
    expect(share).toBeLessThan(47);
    expect(opened).toEqual([]);
  },
);

for (const [name, to] of addresses) {
  failure("F4", `a target addressed by ${name} that hangs opens the circuit of that address alone`, async (fault) => {
    const nats = await fault.nats();
    const [target] = await Promise.all([startWorker(fault, nats, tagged), startWorker(fault, nats)]);
    const address = to((await statusOf(target)).instance);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const circuit: string[] = [];
    bus.on("circuitOpened", ({ address }) => circuit.push(`opened ${address}`));
    bus.on("circuitClosed", ({ address }) => circuit.push(`closed ${address}`));
    const echo = () => bus.to(worker, address).echo({ text: "hi" });
    expect(await echo()).toMatchObject({ status: "ok" });
    await target.stop();

    const outcomes: Outcome<unknown>[] = [];
    await eventually(async () => {
      outcomes.push(await echo());
      return circuit.length > 0;
    });
    expect(Object.keys(tally(outcomes))).toEqual(["timeout/maybe"]);
    expect(outcomes.length).toBeLessThan(5);
    expect(await echo()).toMatchObject({ reason: "circuit-open", delivered: "no" });
    expect(await bus.to(worker, { tags: { region: "us" } }).echo({ text: "hi" })).toMatchObject({ reason: "absent" });
    expect(bus.health.missing).toMatchObject([{ reason: "absent" }, { reason: "timeout" }]); // The last called first.

    await target.continue();
    const healed = await timed(() => eventually(async () => (await echo()).status === "ok"));
    fault.figure(`from SIGCONT until a call to ${name} is answered`, healed.ms);
    expect(healed.ms).toBeLessThan(6_000);
    expect(circuit.map((line) => line.split("@")[0])).toEqual(["opened worker.echo", "closed worker.echo"]);
  });
}

failure("F4", "a monitor reports that a target hangs, and that it is back", async (fault) => {
  const nats = await fault.nats();
  const target = await startWorker(fault, nats);
  const { instance } = await statusOf(target);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  using monitor = bus.monitor(worker);
  const events: string[] = [];
  monitor.on("up", ({ instance }) => events.push(`up ${instance}`));
  monitor.on("down", ({ instance, reason }) => events.push(`down ${instance} ${reason}`));
  expect(await monitor.whenSettled()).toBe(true);

  await target.stop();
  const silent = await timed(() => eventually(() => events.length > 1, { within: 15_000 }));
  fault.figure("from SIGSTOP until a monitor reports it", silent.ms);
  expect(silent.ms).toBeLessThan(8_000);

  await target.continue();
  const back = await timed(() => eventually(() => events.length > 2, { within: 15_000 }));
  fault.figure("from SIGCONT until a monitor reports it", back.ms);
  expect(back.ms).toBeLessThan(8_000);
  expect(events).toEqual([`up ${instance}`, `down ${instance} silent`, `up ${instance}`]);
});

failure("F4", "keys of a hanging instance time out, then move, while other keys are served", async (fault) => {
  const nats = await fault.nats();
  const targets = await Promise.all([1, 2, 3].map(() => startWorker(fault, nats)));
  const [hanging] = targets;
  if (hanging === undefined) throw new Error("no target");
  const { instance } = await statusOf(hanging);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const circuit: string[] = [];
  bus.on("circuitOpened", ({ address }) => circuit.push(address));
  const all = keys(60);
  const before = await ownersOf(bus, all);
  const [its, others] = [all, all].map((some, i) => some.filter((_, n) => (before[n] === instance) === (i === 0)));
  const ask = (key: string) => bus.to(worker, { key }).who();
  await hanging.stop();

  const late = tally(await Promise.all((its ?? []).slice(0, 4).map(ask)));
  expect(late).toEqual({ "timeout/maybe": 4 });
  expect(await ask(its?.[0] ?? "")).toMatchObject({ reason: "circuit-open", delivered: "no" });
  expect(circuit).toEqual([`worker.who@${instance}`]);
  const { ok = 0, "overloaded/no": refused = 0, ...rest } = tally(await Promise.all((others ?? []).map(ask)));
  expect(rest).toEqual({});
  expect(ok).toBeGreaterThan(refused);

  const moved = await timed(() =>
    eventually(async () => (await ask(its?.[0] ?? "")).status === "ok", { within: 15_000 }),
  );
  fault.figure("until a hanging instance's keys have moved", moved.ms);
  expect(moved.ms).toBeLessThan(8_000);
  const after = await ownersOf(bus, all);
  expect(after).not.toContain(instance);
  all.forEach((_, n) => {
    if (before[n] !== instance) expect(after[n]).toBe(before[n]);
  });

  await hanging.continue();
  await eventually(async () => (await ownersOf(bus, all)).every((owner, n) => owner === before[n]), { within: 15_000 });
});

failure("F4", "a call to everyone has a timeout for a hanging instance, and the others' answers", async (fault) => {
  const nats = await fault.nats();
  const [hanging, other] = await Promise.all([startWorker(fault, nats), startWorker(fault, nats)]);
  const [hung, left] = await Promise.all([statusOf(hanging), statusOf(other)]);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  using monitor = bus.monitor(worker);
  expect(await monitor.whenSettled()).toBe(true);
  await hanging.stop();
  const came = new Map<string | undefined, string>();
  for await (const { instance, outcome } of bus.toAll(worker).echo({ text: "hi" })) {
    came.set(instance, outcome.status === "unavailable" ? `${outcome.reason}/${outcome.delivered}` : outcome.status);
  }
  expect(came).toEqual(
    new Map([
      [left.instance, "ok"],
      [hung.instance, "timeout/maybe"],
    ]),
  );
});
