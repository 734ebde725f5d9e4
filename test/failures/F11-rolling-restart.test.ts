import { readFileSync } from "node:fs";
import { eventually } from "@muove/testkit";
import { type Bus, call, connect, type DeadLetter, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { load, tally } from "./support/load.js";
import { startWorker } from "./support/worker.js";

failure(
  "F11",
  "while three instances restart one after the other under load, no call fails and no cast is lost",
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

const whoami = mailbox("whoami", { ask: call({ output: z.string(), timeout: 5_000 }) });

failure(
  "F11",
  "while a hundred monitored instances restart four at a time, no call by tags or by key fails",
  async (fault) => {
    const { url } = await fault.nats();
    const regionOf = (n: number): string => (n % 2 === 0 ? "eu" : "us");
    const start = async (n: number): Promise<Bus> => {
      const tags = { region: regionOf(n), shelf: `${n % 10}` };
      const bus = connect({ service: "whoami", servers: url, tags, logger: false });
      bus.serve(whoami, { ask: () => bus.status.instance });
      await connected(bus);
      return bus;
    };
    const instances = await Promise.all(Array.from({ length: 100 }, (_, n) => start(n)));
    await using bus = connect({ service: "caller", servers: url, logger: false });
    await connected(bus);
    using monitor = bus.monitor(whoami);
    const reasons: Record<string, number> = {};
    monitor.on("down", ({ reason }) => {
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    });
    expect(await monitor.whenSettled({ timeout: 10_000 })).toBe(true);
    expect(monitor.instances).toHaveLength(100);

    // The load leaves CPU time for the restarts.
    const pause = 10;
    const loads = [
      load(4, (i) => bus.to(whoami, { tags: { region: regionOf(i) } }).ask(), pause),
      load(4, (i) => bus.to(whoami, { tags: { region: regionOf(i), shelf: `${i % 10}` } }).ask(), pause),
      load(8, (i) => bus.to(whoami, { key: i % 1_000 }).ask(), pause),
    ];
    const restart = async (n: number): Promise<void> => {
      const old = instances[n];
      instances[n] = await start(n);
      await old?.close();
    };
    for (let n = 0; n < instances.length; n += 4) await Promise.all([n, n + 1, n + 2, n + 3].map(restart));
    const outcomes = (await Promise.all(loads.map((each) => each.stop()))).flat();
    const failed = outcomes.filter(({ status }) => status !== "ok").length;
    fault.figure("failed calls by tags and by key while a hundred instances restart", failed, `of ${outcomes.length}`);
    expect(tally(outcomes)).toEqual({ ok: outcomes.length });
    expect(reasons).toEqual({ closed: 100 });
    expect(monitor.instances).toHaveLength(100);
    await Promise.all(instances.map((instance) => instance.close()));
  },
  180_000,
);
