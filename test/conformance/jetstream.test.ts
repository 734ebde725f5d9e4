// A JetStream stream that captures everything, as auditors like it (F24): the real thing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { event, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { until } from "../link/support/until.js";
import { natsServer } from "../support/brokers.js";
import { startNatsServer } from "../support/nats-server.js";
import { connected, serving } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

/** A server with a stream; by default on `muove.>`, which keeps one message and refuses all others. */
async function audited(own: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "muove-jetstream-"));
  const server = await startNatsServer({ config: JSON.stringify({ jetstream: { store_dir: folder } }) });
  onTestFinished(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const stream = { name: "AUDIT", subjects: ["muove.>"], storage: "memory", max_msgs: 1, discard: "new", ...own };
  const created = await (await plainClient(server)).request("$JS.API.STREAM.CREATE.AUDIT", JSON.stringify(stream));
  expect(created.json()).not.toHaveProperty("error");
  return { port: server.port, url: server.url, kill: () => server.kill() };
}

describe.skipIf(!natsServer)("[needs nats-server] under a stream that captures every request", () => {
  test.each(["msgpack", "json"] as const)(
    "calls of a %s bus work, both while it takes them and when it is full",
    async (encoding) => {
      const broker = await audited();
      await serving(broker);
      const caller = await connected(broker, { encoding });
      for (let calls = 1; calls <= 5; calls++) {
        expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "ok", value: { cents: 100 } });
        expect(await caller.to(pricing).tell("a")).toMatchObject({ status: "ok", value: undefined });
      }
      await until("every acknowledgement was told apart", () => {
        const { streamAcknowledgements, strayReplies } = caller.status.counts;
        return streamAcknowledgements + strayReplies === 10;
      });
    },
  );

  test("nobody is told that nobody listens: an absent mailbox is a timeout", async () => {
    const caller = await connected(await audited());
    expect(await caller.to(pricing).quote(one, { timeout: 100 })).toMatchObject({
      reason: "timeout",
      delivered: "maybe",
    });
    expect(caller.status.counts.streamAcknowledgements).toBe(1);
  });

  test("events come to who listens, once, and the stream keeps them", async () => {
    const broker = await audited({ subjects: ["muove.*._event.>"], max_msgs: -1 });
    const [owner, listener] = [await connected(broker, { encoding: "json" }), await connected(broker)];
    const news = mailbox("news", { told: event({ input: z.int() }) });
    const { publish } = owner.serve(news, {});
    const heard: number[] = [];
    listener.on(news.events.told, (n) => void heard.push(n));
    await until("it listens", () => listener.status.listeners[0]?.state === "open");
    for (let n = 0; n < 10; n++) publish.told(n);
    await until("all are heard", () => heard.length >= 10 && owner.status.pending === 0);
    const client = await plainClient(broker);
    const info = await client.request("$JS.API.STREAM.INFO.AUDIT");
    expect(info.json()).toMatchObject({ state: { messages: 10 } });
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(owner.status.counts.deadLetters).toBe(0);
    expect(listener.status.counts.rejected).toBe(0);
  });
});
