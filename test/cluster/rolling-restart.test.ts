import { eventually, findNatsServer, testkit } from "@muove/testkit";
import type { Bus, Outcome } from "muove";
import { describe, expect, it } from "vitest";
import { temporaryFile } from "../failures/support/file.js";
import { startWorker } from "../failures/support/worker.js";
import { worker } from "../services/contract.js";
import { lies, outcomesOf, startCaller } from "./support/ledger.js";
import { restartInCluster, untilMoreCalls, untilMoved } from "./support/upgrade.js";

const lanes = 5;

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] a rolling restart without lame duck mode", () => {
  it("fails only calls in flight through a server, and no outcome lies", {
    timeout: 120_000,
  }, async () => {
    await using kit = testkit();
    const servers = await kit.cluster({ size: 3 });
    const journals = servers.map(() => temporaryFile("journal"));
    const workers = await Promise.all(
      servers.map((server, i) => startWorker({ kit }, server, { JOURNAL: journals[i] ?? "" })),
    );
    const callers = await Promise.all(
      servers.map((server, i) => startCaller(`caller-${i}`, server, lanes, { timeout: 2_000 })),
    );
    const buses = callers.map(({ bus }) => bus);
    await untilMoreCalls(callers, 100);
    const restarts: { readonly begun: number; readonly ended: number }[] = [];
    for (const server of servers) {
      const begun = performance.now();
      await server.terminate();
      await untilMoved(server, { workers, buses });
      await restartInCluster(server, servers);
      restarts.push({ begun, ended: performance.now() });
      await untilMoreCalls(callers, 50);
    }
    await eventually(async () => (await Promise.all(buses.map(answered))).every(Boolean));
    const settled = performance.now();
    await untilMoreCalls(callers, 100);
    const perCaller = await Promise.all(callers.map(({ calls }) => calls.stop()));
    const entries = perCaller.flat();
    await Promise.all(buses.map((bus) => bus.close()));

    const outcomes = outcomesOf(entries);
    console.log(`a rolling restart of three servers by SIGTERM: ${JSON.stringify(outcomes)}`);
    const {
      ok: _,
      "unreachable/no": __,
      "absent/no": ___,
      "circuit-open/no": ____,
      "unreachable/maybe": cut = 0,
      "timeout/maybe": unanswered = 0,
      ...others
    } = outcomes;
    expect(others).toEqual({});
    // Each restart fails at most the calls in flight.
    expect(cut + unanswered).toBeLessThanOrEqual(servers.length * callers.length * lanes);
    // A server that ends may know of no worker any more, or all workers may have been on it.
    const absences = entries.filter(({ outcome }) => reasonOf(outcome) === "absent");
    const away = (at: number): boolean => restarts.some(({ begun, ended }) => at >= begun && at <= ended);
    expect(absences.filter(({ begun, ended }) => !away(begun) && !away(ended))).toEqual([]);
    // Four calls in flight that fail with a server are four timeouts in a row, and open the circuit.
    for (const { "timeout/maybe": timeouts = 0, "circuit-open/no": spared = 0 } of perCaller.map(outcomesOf))
      if (timeouts < 4) expect(spared).toBe(0);
    expect(lies(entries, journals)).toEqual([]);
    const late = entries.filter(({ begun }) => begun > settled);
    expect(outcomesOf(late)).toEqual({ ok: late.length });
  });
});

const answered = async (bus: Bus): Promise<boolean> => (await bus.to(worker).echo({ text: "there?" })).status === "ok";

const reasonOf = (outcome: Outcome<unknown>): string | undefined => ("reason" in outcome ? outcome.reason : undefined);
