import { readFileSync } from "node:fs";
import { eventually } from "@muove/testkit";
import { connect, type DeadLetter } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { load, tally } from "./support/load.js";
import { startWorker } from "./support/worker.js";

failure(
  "F11",
  "three instances restart one after the other under load: no call fails, and no cast is lost",
  async (fault) => {
    const nats = await fault.nats();
    const JOURNAL = temporaryFile("journal");
    const read = () => readFileSync(JOURNAL, "utf8").trim().split("\n");
    // Few slots, so that calls and casts wait in the mailbox when it is asked to drain.
    const start = () => startWorker(fault, nats, { JOURNAL, CONCURRENCY: "3" });
    const targets = await Promise.all([start(), start(), start()]);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const dead: DeadLetter[] = [];
    bus.on("deadLetter", (letter) => dead.push(letter));
    const to = bus.to(worker);

    const calls = load(20, () => to.wait({ ms: 20 }, { timeout: 10_000 }));
    const casts = load(5, async (i) => to.note({ text: `note ${i}` }));
    let longest = 0;
    for (const target of targets) {
      const before = calls.done.length;
      const { code, ms } = await target.terminate();
      expect(code).toBe(0);
      longest = Math.max(longest, ms);
      await start();
      await eventually(() => calls.done.length >= before + 200);
    }
    const outcomes = await calls.stop();
    const receipts = await casts.stop();

    fault.figure("from SIGTERM until an instance has drained and ended, the longest", longest);
    fault.figure("failed calls", outcomes.filter(({ status }) => status !== "ok").length, `of ${outcomes.length}`);
    expect(tally(outcomes)).toEqual({ ok: outcomes.length });
    expect(receipts.every(({ status }) => status === "sent")).toBe(true);
    await eventually(() => read().length >= receipts.length);
    expect(new Set(read()).size).toBe(receipts.length);
    expect(read()).toHaveLength(receipts.length);
    expect(dead).toEqual([]);
  },
);
