import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { lies, outcomesOf, startCaller } from "../cluster/support/ledger.js";
import { worker } from "../services/contract.js";
import { failure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { tally, timed } from "./support/load.js";
import { startWorker } from "./support/worker.js";

const lanes = 10;

failure("F17", "when one of three nodes is killed under load, only calls in flight through it fail", async (fault) => {
  const [lost, second, third] = await fault.kit.cluster({ size: 3 });
  if (!lost || !second || !third) throw new Error("no cluster");
  const journals = [temporaryFile("journal"), temporaryFile("journal")] as const;
  const onLost = await startWorker(fault, lost, { JOURNAL: journals[0] });
  await startWorker(fault, second, { JOURNAL: journals[1] });
  const near = await startCaller("near", lost, lanes, { timeout: 2_000 });
  const far = await startCaller("far", third, lanes, { timeout: 2_000 });
  await using nearBus = near.bus;
  await using _ = far.bus;
  const underWay = Array.from({ length: 20 }, () => nearBus.to(worker).wait({ ms: 60_000 }, { timeout: 60_000 }));
  await eventually(() => near.calls.done.length >= 200 && far.calls.done.length >= 200);

  const killed = performance.now();
  await lost.kill();
  const ended = await Promise.all(underWay);
  const ending = performance.now() - killed;
  fault.figure("from SIGKILL for the node until 20 calls under way through it have ended", ending);
  expect(tally(ended)).toEqual({ "unreachable/maybe": 20 });
  expect(ending).toBeLessThan(1_000);

  // Later calls go through the nodes that are left.
  const healed = await timed(() =>
    eventually(async () => (await nearBus.to(worker).echo({ text: "back" })).status === "ok"),
  );
  const ms = performance.now() - killed;
  fault.figure("from SIGKILL for the node until a new call of a caller on it is ok", ms);
  expect(healed.ms).toBeLessThan(1_000);
  await eventually(
    async () => (await onLost.ask<{ connection: { state: string } }>("status")).connection.state === "up",
  );
  const settled = performance.now();
  const [nearAfter, farAfter] = [near.calls.done.length, far.calls.done.length];
  await eventually(() => near.calls.done.length >= nearAfter + 300 && far.calls.done.length >= farAfter + 300);
  const [nearEntries, farEntries] = [await near.calls.stop(), await far.calls.stop()];

  const {
    ok: nearOk,
    "unreachable/no": refused = 0,
    "unreachable/maybe": maybe = 0,
    ...nearOthers
  } = outcomesOf(nearEntries);
  const { ok: farOk, "timeout/maybe": unanswered = 0, ...farOthers } = outcomesOf(farEntries);
  fault.figure("calls of a caller on the node that end as unreachable/maybe", maybe, `of ${nearEntries.length}`);
  fault.figure("calls of a caller on another node that end as timeout/maybe", unanswered, `of ${farEntries.length}`);
  expect(nearOthers).toEqual({});
  expect(farOthers).toEqual({});
  expect(maybe).toBeLessThanOrEqual(lanes);
  expect(unanswered).toBeLessThanOrEqual(lanes);
  expect(refused).toBeGreaterThan(0);
  expect(nearOk).toBeGreaterThan(0);
  expect(farOk).toBeGreaterThan(0);
  const late = [...nearEntries, ...farEntries].filter(({ begun }) => begun > settled);
  expect(outcomesOf(late)).toEqual({ ok: late.length });
  expect(lies([...nearEntries, ...farEntries], journals)).toEqual([]);
});
