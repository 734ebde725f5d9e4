import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { plainClient } from "../conformance/support/plain.js";
import { failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { startWorker, statusOf } from "./support/worker.js";

const million = 1_000_000;
const megabyte = 1_048_576;

failure(
  "F13",
  "a million late, repeated and unsolicited replies are dropped and counted, and memory is flat",
  async (fault) => {
    const nats = await fault.nats();
    const caller = await startService(fault, "caller", nats);
    const used = await usedReplySubjects();
    const { instance } = await statusOf(caller);
    const inbox = `_INBOX_muove.caller.${instance}`;
    const strays = async (): Promise<number> => (await statusOf(caller)).counts.strayReplies;
    // Warm, so that compiled code and pools do not count as growth.
    await flood(10_000);
    await eventually(async () => (await strays()) >= 10_000, { within: 20_000 });
    const before = await caller.ask<number>("memory");
    const already = await strays();

    await flood(million);
    await eventually(async () => (await strays()) === already + million, { within: 60_000, what: "all have come" });

    const growth = ((await caller.ask<number>("memory")) - before) / megabyte;
    fault.figure("growth of the heap by a million stray replies", growth, "MB");
    expect(growth).toBeLessThan(4);
    expect((await statusOf(caller)).pending).toBe(0);
    await startWorker(fault, nats);
    expect(await caller.ask("call", "echo", { text: "a" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });

    /** Half of them go to reply subjects that were used, the others to some that never existed. */
    async function flood(count: number): Promise<void> {
      const subject = (i: number): string =>
        i % 2 === 0 ? (used[(i / 2) % used.length] as string) : `${inbox}.z${i.toString(36)}`;
      const { sent } = await fault.kit.flood({ url: nats.url, subject, payload: "{}", count, during: 60_000 });
      expect(sent).toBe(count);
    }

    /** The reply subjects of calls whose replies came twice or too late. */
    async function usedReplySubjects(): Promise<readonly string[]> {
      const client = await plainClient(nats);
      const asked: string[] = [];
      let answers: readonly string[] = [];
      const subscription = client.subscribe("muove.worker.echo", {
        callback(_, msg) {
          asked.push(msg.reply as string);
          for (const text of answers) msg.respond(JSON.stringify({ text }));
        },
      });
      await client.flush();
      const call = (timeout: number) => caller.ask("call", "echo", { text: "a" }, { timeout });
      const late = await Promise.all(Array.from({ length: 10 }, () => call(50)));
      for (const outcome of late) expect(outcome).toMatchObject({ reason: "timeout" });
      for (const subject of asked) client.publish(subject, JSON.stringify({ text: "late" }));
      answers = ["first", "second"];
      for (let i = 1; i <= 10; i++) expect(await call(5_000)).toMatchObject({ status: "ok", value: { text: "first" } });
      await eventually(async () => (await statusOf(caller)).counts.strayReplies >= 20);
      subscription.unsubscribe();
      await client.flush();
      return asked;
    }
  },
  120_000,
);
