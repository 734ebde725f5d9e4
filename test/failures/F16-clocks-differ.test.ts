import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { eventually, type Service } from "@muove/testkit";
import { expect } from "vitest";
import { failure } from "./support/failure.js";
import { built, startService } from "./support/services.js";
import { countsOf, notesOf, startWorker } from "./support/worker.js";

const hour = 3_600_000;

/** The environment that makes a process's clocks run an hour ahead. */
const ahead = { NODE_OPTIONS: `--import=${fileURLToPath(built("shifted-clocks"))}`, CLOCK_AHEAD: String(hour) };

for (const [whose, forCaller, forCallee] of [
  ["the caller's", ahead, {}],
  ["the callee's", {}, ahead],
] as const) {
  failure("F16", `deadlines hold when ${whose} clocks are an hour ahead`, async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats, forCallee);
    const caller = await startService(fault, "caller", nats, forCaller);
    const call = (message: string, input: unknown, timeout: number): Promise<unknown> =>
      caller.ask("call", message, input, { timeout });
    const since = (await statusSince(caller)) - (await statusSince(service));
    expect(Math.abs(since)).toBeGreaterThan(hour - 60_000); // The shift works.

    expect(await call("wait", { ms: 300 }, 5_000)).toMatchObject({ status: "ok", value: { aborted: false } });

    const start = performance.now();
    expect(await call("hang", undefined, 300)).toMatchObject({ reason: "timeout", delivered: "maybe" });
    fault.figure("a call with 300 ms ended after", performance.now() - start);
    expect(performance.now() - start).toBeLessThan(2_000);
    await call("wait", { ms: 30_000 }, 300); // The outcome may be an answer, as its handler answers that it was aborted.
    await eventually(async () => (await notesOf(service)).includes("aborted"));

    // A call that arrives after its deadline is not handled.
    await service.stop();
    expect(await call("record", { text: "late" }, 300)).toMatchObject({ reason: "timeout" });
    await service.continue();
    await eventually(async () => (await countsOf(service)).expired === 1);
    expect(await call("record", { text: "in time" }, 5_000)).toMatchObject({ status: "ok" });
    expect(await notesOf(service)).toEqual(["aborted", "in time"]);
  });
}

/** The environment that makes a process's clock stand still while the process is stopped. */
const standing = { NODE_OPTIONS: `--import=${fileURLToPath(built("standing-clock"))}` };

for (const [whose, forCaller, forCallee, pause] of [
  ["the caller, and its clock,", standing, {}, 500],
  ["the caller, and its clock,", standing, {}, 5_000],
  ["the callee, and its clock,", {}, standing, 500],
  ["the callee, and its clock,", {}, standing, 5_000],
  ["the caller, but not its clock,", {}, {}, 500],
] as const) {
  failure("F16", `calls work soon after ${whose} stood still for ${pause} ms`, async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats, forCallee);
    const caller = await startService(fault, "caller", nats, forCaller);
    const call = () => caller.ask<{ status: string }>("call", "echo", { text: "hi" }, { timeout: 250 });
    for (let i = 0; i < 10; i++) expect(await call()).toMatchObject({ status: "ok" });

    const stands = whose.startsWith("the caller") ? caller : service;
    await stands.stop();
    await sleep(pause);
    await stands.continue();
    const { lastFailure, answered } = await watched(call, 3_000);
    fault.figure("from the end of a pause until all calls with 250 ms are answered", lastFailure);
    expect(lastFailure).toBeLessThan(1_200);
    expect(answered).toBeGreaterThan(20);
  });
}

/** Makes call after call for that long. Returns when the last one ended that failed, and how many were answered. */
async function watched(call: () => Promise<{ status: string }>, duration: number) {
  const start = performance.now();
  let [lastFailure, answered] = [0, 0];
  while (performance.now() - start < duration) {
    const { status } = await call();
    if (status === "ok") answered++;
    else lastFailure = performance.now() - start;
    await sleep(20);
  }
  return { lastFailure, answered };
}

const statusSince = async (service: Service): Promise<number> =>
  (await service.ask<{ connection: { since: number } }>("status")).connection.since;
