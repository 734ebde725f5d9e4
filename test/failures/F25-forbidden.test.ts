import { eventually, freePort, type NatsConfig } from "@muove/testkit";
import { type Bus, call, connect, type DeadLetter, event, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { timed } from "./support/load.js";
import { healthOf, startWorker, statusOf } from "./support/worker.js";

/** A NATS with a user for the caller and one for the worker, who may do everything but what is denied here. */
async function restricted(fault: Fault, deny: { publish?: string[]; subscribe?: string[] }) {
  const caller = { user: "caller", pass: "c", permissions: { publish: { deny: deny.publish ?? [] } } };
  const target = { user: "worker", pass: "w", permissions: { subscribe: { deny: deny.subscribe ?? [] } } };
  const { port } = await fault.nats({ config: { auth: { users: [caller, target] } } });
  return { asCaller: `nats://caller:c@127.0.0.1:${port}`, asWorker: `nats://worker:w@127.0.0.1:${port}` };
}

failure("F25", "a publish that the permissions forbid is forbidden/no within a round trip", async (fault) => {
  const nats = await restricted(fault, { publish: ["muove.worker.spin", "muove.worker.note"] });
  await startWorker(fault, { url: nats.asWorker });
  await using bus = connect({ service: "caller", servers: nats.asCaller, logger: false });
  await connected(bus);
  const to = bus.to(worker);
  const told: unknown[] = [];
  const dead: DeadLetter[] = [];
  bus.on("forbidden", (event) => told.push(event));
  bus.on("deadLetter", (letter) => dead.push(letter));

  const call = await timed(() => to.spin({ ms: 1 }, { timeout: 5_000 }));
  fault.figure("a call that is forbidden", call.ms);
  expect(call.value).toMatchObject({ status: "unavailable", reason: "forbidden", delivered: "no" });
  expect(call.ms).toBeLessThan(500);
  expect(told).toEqual([{ operation: "publish", subject: "muove.worker.spin", reason: "permissions" }]);

  to.note({ text: "forbidden" });
  await eventually(() => dead.length > 0);
  expect(dead).toMatchObject([{ input: { text: "forbidden" }, reason: "forbidden", delivered: "no" }]);
  expect(await to.echo({ text: "allowed" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
});

failure("F25", "a mailbox that may not open fails readiness, and its health names the subject", async (fault) => {
  const nats = await restricted(fault, { subscribe: ["muove.worker.spin"] });
  const port = await freePort();
  const target = await startWorker(fault, { url: nats.asWorker }, { HEALTH_PORT: String(port) });

  const problem = expect.stringMatching(/the mailbox worker cannot open: .* refuse muove\.worker\.spin$/);
  expect(await healthOf(target)).toMatchObject({ live: true, ready: false, problems: [problem] });
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  expect(target.output).toMatch(/"subject":"muove\.worker\.spin".*permissions/);
  expect(target.output).not.toMatch(/muove\.worker\.echo/);

  await using bus = connect({ service: "caller", servers: nats.asCaller, logger: false });
  await connected(bus);
  const call = await timed(() => bus.to(worker).spin({ ms: 1 }, { timeout: 5_000 }));
  expect(call.value).toMatchObject({ reason: "absent", delivered: "no" });
});

failure("F25", "calls of a caller that may not subscribe to its inbox are forbidden at once", async (fault) => {
  const caller = { user: "caller", pass: "c", permissions: { subscribe: { deny: ["_INBOX_muove.caller.>"] } } };
  const { port } = await fault.nats({ config: { auth: { users: [caller] } } });
  await using bus = connect({ service: "caller", servers: `nats://caller:c@127.0.0.1:${port}`, logger: false });
  await connected(bus);

  const call = await timed(() => bus.to(worker).echo({ text: "hi" }, { timeout: 5_000 }));
  expect(call.value).toMatchObject({ reason: "forbidden", delivered: "no" });
  expect(call.ms).toBeLessThan(500);
});

/** Everybody is one user, to whom this is denied. */
const denying = (deny: { publish?: string[]; subscribe?: string[] }): NatsConfig => ({
  permissions: { publish: { deny: deny.publish ?? [] }, subscribe: { deny: deny.subscribe ?? [] } },
});

/** Everybody is in one account, whose connections may have so many subscriptions. */
const limited = (most: number): string => `
accounts: { A: { users: [{ user: a, password: a }], limits: { max_subscriptions: ${most} } } }
no_auth_user: a`;

async function open(fault: Fault, deny: Parameters<typeof denying>[0] = {}) {
  const nats = await fault.nats({ config: denying(deny) });
  const join = async (service: string): Promise<Bus> => {
    const bus = connect({ service, servers: nats.url, tags: { region: "eu" }, logger: false });
    await connected(bus);
    return bus;
  };
  return { nats, join };
}

/** The pause before the next attempt is random, and may have grown. */
const healing = { within: 30_000 };

/** How often a log says something. */
const times = (output: string, text: string): number => output.split(text).length - 1;

failure("F25", "a mailbox beyond a limit of subscriptions is not ready, and opens when it is raised", async (fault) => {
  const nats = await fault.kit.nats({ on: "nats-server", text: limited(6) });
  const port = await freePort();
  const target = await startWorker(fault, nats, { HEALTH_PORT: String(port) });
  const problem = expect.stringMatching(/the mailbox worker cannot open: .* no more subscriptions, .* muove\.worker\./);
  expect((await healthOf(target)).problems[0]).toEqual(problem);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const { problems } = await healthOf(target);
  expect(problems.join()).toMatch(/muove\.worker\.large/);
  const refused = await bus.to(worker).large({ bytes: 1 }, { timeout: 5_000 });
  expect(refused).toMatchObject({ reason: "absent", delivered: "no" });

  await nats.reload({}, limited(100));
  const healed = await timed(() => eventually(async () => (await healthOf(target)).ready, healing));
  fault.figure("ready after a limit was raised", healed.ms);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  expect(await bus.to(worker).large({ bytes: 1 }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
  expect(times(target.output, "as many as it may have")).toBe(1);
  expect(times(target.output, "NATS takes a subscription")).toBe(1);
  expect(times(target.output, "connected to NATS")).toBe(1);
});

failure("F25", "a mailbox that a reload takes away is not ready, and opens when it is given back", async (fault) => {
  const nats = await fault.nats({ config: denying({}) });
  const target = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const echo = () => bus.to(worker).echo({ text: "hi" }, { timeout: 5_000 });
  expect(await echo()).toMatchObject({ status: "ok" });

  await nats.reload(denying({ subscribe: ["muove.worker.echo"] }));
  await eventually(async () => !(await healthOf(target)).ready);
  const problem = expect.stringMatching(/permissions refuse muove\.worker\.echo$/);
  expect(await healthOf(target)).toMatchObject({ live: true, problems: [problem] });
  expect(await echo()).toMatchObject({ reason: "absent", delivered: "no" });
  expect(await bus.to(worker).who()).toMatchObject({ status: "ok" });
  await eventually(() => times(nats.output, "Subscription Violation") >= 2); // It was tried, and refused, again.

  await nats.reload(denying({}));
  const healed = await timed(() => eventually(async () => (await healthOf(target)).ready, healing));
  fault.figure("ready after a permission was given back", healed.ms);
  expect(await echo()).toMatchObject({ status: "ok" });
  expect(times(target.output, "NATS permissions refuse a subject")).toBe(1);
  expect(times(target.output, "NATS takes a subscription")).toBe(1);
  expect(times(target.output, "connected to NATS")).toBe(1);
});

failure(
  "F25",
  "calls that wait when their inbox is taken away end at once, and work when it is back",
  async (fault) => {
    const { nats, join } = await open(fault);
    const target = await startWorker(fault, nats);
    await using bus = await join("caller");
    let reconnected = 0;
    bus.on("connected", () => reconnected++);
    const inbox = ["_INBOX_muove.caller.>"];
    const waiting = timed(() => bus.to(worker).wait({ ms: 20_000 }));
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);

    await nats.reload(denying({ subscribe: inbox }));
    const { value, ms } = await waiting;
    fault.figure("a call whose inbox is taken away", ms);
    expect(value).toMatchObject({ reason: "unreachable", delivered: "maybe" });
    expect(ms).toBeLessThan(5_000);
    expect(bus.health).toMatchObject({
      ready: false,
      problems: [expect.stringMatching(/permissions refuse its inbox/)],
    });
    expect(await bus.to(worker).hello()).toMatchObject({ reason: "forbidden", delivered: "no" });

    await nats.reload(denying({}));
    await eventually(() => bus.health.ready, healing);
    expect(await bus.to(worker).hello()).toMatchObject({ status: "ok" });
    expect(reconnected).toBe(0);
  },
);

failure("F25", "calls that may not be sent for a while are forbidden, and sent when they may be", async (fault) => {
  const { nats, join } = await open(fault);
  const target = await startWorker(fault, nats);
  await using bus = await join("caller");
  const [any, keyed] = [bus.to(worker), bus.to(worker, { key: "k" })];
  expect([await any.hello(), await keyed.hello()]).toMatchObject([{ status: "ok" }, { status: "ok" }]);
  const waiting = any.wait({ ms: 1_500 });
  await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 1);

  await nats.reload(denying({ publish: ["muove.worker.>"] }));
  const refused = [await any.hello(undefined, { timeout: 5_000 }), await any.hello(undefined, { timeout: 5_000 })];
  expect(refused).toMatchObject(refused.map(() => ({ reason: "forbidden", delivered: "no" })));
  // Refused on the same subject as one that was delivered: the answer to that tells which.
  expect(await any.wait({ ms: 1 }, { timeout: 10_000 })).toMatchObject({ reason: "forbidden", delivered: "no" });
  expect(await waiting).toMatchObject({ status: "ok" }); // It was sent before.

  await nats.reload(denying({}));
  expect(await any.hello()).toMatchObject({ status: "ok" });
  await eventually(async () => (await keyed.hello()).status === "ok", healing);
});

failure("F25", "calls by key work when the question who is there may be asked after all", async (fault) => {
  const { nats, join } = await open(fault, { publish: ["muove.worker._all.>"] });
  await startWorker(fault, nats);
  await using bus = await join("caller");
  const keyed = bus.to(worker, { key: "k" });
  expect(await keyed.hello(undefined, { timeout: 5_000 })).toMatchObject({ reason: "forbidden", delivered: "no" });
  await nats.reload(denying({}));
  await eventually(async () => (await keyed.hello()).status === "ok", healing);
});

const orders = mailbox("orders", {
  count: call({ output: z.int() }),
  placed: event({ input: z.string() }),
});

failure("F25", "every kind of subscription that a reload takes away heals when it is given back", async (fault) => {
  const { nats, join } = await open(fault);
  await using owner = await join("orders");
  await using other = await join("other");
  const heard: string[] = [];
  const { publish } = owner.serve(orders, { count: () => 1 });
  other.on(orders.events.placed, (id) => void heard.push(id));
  await using monitor = other.monitor(orders);
  const ways = () => [
    other.to(orders).count(),
    other.to(orders, { tags: { region: "eu" } }).count(),
    other.to(orders, { instance: owner.status.instance }).count(),
    other.to(orders, { key: "k" }).count(),
  ];
  const works = async () => (await Promise.all(ways())).every(({ status }) => status === "ok");
  await eventually(works);
  const before = [owner.status.mailboxes[0]?.state, other.status.listeners[0]?.state];
  expect(before).toEqual(["open", "open"]);

  await nats.reload(denying({ subscribe: [">"] }));
  await eventually(() => owner.status.mailboxes[0]?.state === "forbidden");
  await eventually(() => other.status.listeners[0]?.state === "forbidden");
  expect(owner.status.mailboxes[0]?.forbidden.length).toBe(5);
  expect([owner.health.ready, other.health.ready]).toEqual([false, false]);

  await nats.reload(denying({}));
  await eventually(() => owner.health.ready && other.health.ready, healing);
  await eventually(() => owner.status.mailboxes[0]?.forbidden.length === 0, healing);
  await eventually(works);
  publish.placed("1");
  await eventually(() => heard.length === 1);
  expect(monitor.instances.length).toBe(1);
});
