import { eventually, freePort } from "@muove/testkit";
import { connect, type DeadLetter } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { timed } from "./support/load.js";
import { healthOf, startWorker } from "./support/worker.js";

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
