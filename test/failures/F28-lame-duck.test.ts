import { expect } from "vitest";
import { farCluster } from "../cluster/support/far-cluster.js";
import { FarTraffic } from "../cluster/support/far-traffic.js";
import { lies, outcomesOf, startCaller } from "../cluster/support/ledger.js";
import {
  lameDuckConfig,
  restartInCluster,
  untilEnded,
  untilMoreCalls,
  untilMoved,
} from "../cluster/support/upgrade.js";
import { type Fault, failure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { timed } from "./support/load.js";
import { startWorker } from "./support/worker.js";

/** A cluster of three servers, each with a worker and a caller under load. */
async function system(fault: Fault, lanes: number) {
  const servers = await fault.kit.cluster({ size: 3, config: lameDuckConfig });
  const journals = servers.map(() => temporaryFile("journal"));
  const workers = await Promise.all(
    servers.map((server, i) => startWorker(fault, server, { JOURNAL: journals[i] ?? "" })),
  );
  const callers = await Promise.all(
    servers.map((server, i) => startCaller(`caller-${i}`, server, lanes, { timeout: 5_000 })),
  );
  const downs: string[] = [];
  for (const [i, { bus }] of callers.entries()) {
    bus.on("disconnected", ({ reason, error }) => downs.push(`caller-${i} lost ${reason}: ${error?.message}`));
    bus.on("connectFailed", ({ error }) => downs.push(`caller-${i} failed to connect: ${error.message}`));
  }
  return {
    servers,
    workers,
    journals,
    downs,
    callers,
    buses: callers.map(({ bus }) => bus),
    calls: (count: number) => untilMoreCalls(callers, count),
    async stop() {
      const entries = (await Promise.all(callers.map(({ calls }) => calls.stop()))).flat();
      await Promise.all(callers.map(({ bus }) => bus.close()));
      return entries;
    },
  };
}

failure(
  "F28",
  "when a server goes into lame duck mode under load, its clients move first, and no call fails",
  async (fault) => {
    const { servers, workers, buses, journals, downs, calls, stop } = await system(fault, 5);
    const [leaving] = servers;
    if (!leaving) throw new Error("no cluster");
    await calls(100);

    await leaving.lameDuck();
    const moved = await timed(() => untilMoved(leaving, { workers, buses }));
    fault.figure("from lame duck mode until all its clients have moved", moved.ms);
    expect(leaving.running).toBe(true);
    expect(moved.ms).toBeLessThan(5_000);
    await calls(100);
    await untilEnded(leaving);
    await calls(100);

    const entries = await stop();
    const outcomes = outcomesOf(entries);
    fault.figure("failed calls", entries.length - (outcomes.ok ?? 0), `of ${entries.length}`);
    expect(downs).toEqual([]);
    expect(outcomes).toEqual({ ok: entries.length });
    expect(lies(entries, journals)).toEqual([]);
  },
  90_000,
);

failure(
  "F28",
  "no call fails in a rolling upgrade, in which all servers restart in lame duck mode, one after the other",
  async (fault) => {
    const { servers, workers, buses, journals, downs, calls, stop } = await system(fault, 5);
    await calls(100);
    for (const server of servers) {
      await server.lameDuck();
      await untilMoved(server, { workers, buses });
      await untilEnded(server);
      await restartInCluster(server, servers);
      await calls(50);
    }
    const entries = await stop();
    const outcomes = outcomesOf(entries);
    fault.figure("failed calls in a rolling upgrade", entries.length - (outcomes.ok ?? 0), `of ${entries.length}`);
    expect(downs).toEqual([]);
    expect(outcomes).toEqual({ ok: entries.length });
    expect(lies(entries, journals)).toEqual([]);
  },
  180_000,
);

failure(
  "F28",
  "nothing is handled twice and nothing is lost when services move to a server that is 100 ms farther",
  async (fault) => {
    const far = await farCluster(fault.kit, { config: lameDuckConfig });
    const [leaving] = far.servers;
    if (!leaving) throw new Error("no cluster");
    const traffic = new FarTraffic(far.servers);
    await traffic.start(100);
    far.apart(100);
    await traffic.more(200);

    await leaving.lameDuck();
    const moved = await timed(() => untilMoved(leaving, traffic));
    fault.figure("from lame duck mode until all its clients have moved, at 100 ms", moved.ms);
    await untilEnded(leaving);
    const { sent, twice, lost, failures } = await traffic.stop();
    const all = `of ${sent} by key, to any, to everyone, events, events in a group`;
    fault.figure("handled twice", twice.length, all);
    fault.figure("lost", lost, all);
    expect({ twice, lost, failures }).toEqual({ twice: [], lost: 0, failures: [] });
  },
  90_000,
);
