import { findNatsServer, testkit } from "@muove/testkit";
import { describe, expect, it } from "vitest";
import { temporaryFile } from "../failures/support/file.js";
import { startWorker, statusOf } from "../failures/support/worker.js";
import { lies, outcomesOf, startCaller } from "./support/ledger.js";
import { backInTheCluster, isOn, left, more } from "./support/upgrade.js";

const LANES = 5;

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] a rolling restart without lame duck mode", () => {
  it("what was in flight through a server may fail, and everybody is told what is so", {
    timeout: 120_000,
  }, async () => {
    await using kit = testkit();
    const servers = await kit.cluster({ size: 3 });
    const journals = servers.map(() => temporaryFile("journal"));
    const workers = await Promise.all(
      servers.map((server, i) => startWorker({ kit }, server, { JOURNAL: journals[i] ?? "" })),
    );
    const callers = await Promise.all(
      servers.map((server, i) => startCaller(`caller-${i}`, server, LANES, { timeout: 2_000 })),
    );
    const buses = callers.map(({ bus }) => bus);
    await more(callers, 100);
    // Where all workers are on one server, nobody listens while they are on their way to another one.
    let nobody = false;
    for (const server of servers) {
      const connections = await Promise.all(workers.map(async (worker) => (await statusOf(worker)).connection));
      nobody ||= connections.every((connection) => isOn(connection.server, server));
      await server.terminate();
      await left(server, { workers, buses });
      await backInTheCluster(server, servers);
      await more(callers, 50);
    }
    const settled = performance.now();
    await more(callers, 100);
    const entries = (await Promise.all(callers.map(({ calls }) => calls.stop()))).flat();
    await Promise.all(buses.map((bus) => bus.close()));

    const outcomes = outcomesOf(entries);
    console.log(`a rolling restart of three servers by SIGTERM: ${JSON.stringify(outcomes)}`);
    const {
      ok: _,
      "unreachable/no": __,
      "unreachable/maybe": cut = 0,
      "timeout/maybe": unanswered = 0,
      "absent/no": absent = 0,
      ...others
    } = outcomes;
    expect(others).toEqual({});
    if (!nobody) expect(absent).toBe(0);
    // Each of the restarts takes at most what is in flight.
    expect(cut + unanswered).toBeLessThanOrEqual(servers.length * callers.length * LANES);
    expect(lies(entries, journals)).toEqual([]);
    const late = entries.filter(({ begun }) => begun > settled);
    expect(outcomesOf(late)).toEqual({ ok: late.length });
  });
});
