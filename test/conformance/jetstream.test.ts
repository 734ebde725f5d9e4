// A JetStream stream that captures everything, as auditors like it (F24): the real thing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { until } from "../link/support/until.js";
import { natsServer } from "../support/brokers.js";
import { startNatsServer } from "../support/nats-server.js";
import { connected, serving } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

/** A server with a stream on `muove.>` that keeps one message and refuses all others. */
async function audited() {
  const folder = mkdtempSync(join(tmpdir(), "muove-jetstream-"));
  const server = await startNatsServer({ config: JSON.stringify({ jetstream: { store_dir: folder } }) });
  onTestFinished(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const stream = { name: "AUDIT", subjects: ["muove.>"], storage: "memory", max_msgs: 1, discard: "new" };
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
});
