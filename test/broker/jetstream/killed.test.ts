// The embedded broker with a folder is killed at random moments under a flood, and started again.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../support/until.js";
import { BrokerProcess } from "../broker-process.js";

const kills = Number(process.env.MUOVE_KILLS ?? 8);

/** What a publisher and a worker know, over all starts. */
class Ledger {
  /** Acknowledged by the stream. */
  readonly stored = new Set<string>();
  /** Their acknowledgement was confirmed by the stream. */
  readonly settled = new Set<string>();
  /** Seen by the worker, at all. */
  readonly seen = new Set<string>();
  /** Seen again after it was settled. */
  readonly cameBack: string[] = [];
  #next = 0;

  async publish(nats: NatsConnection): Promise<void> {
    const text = `message ${this.#next++}`;
    await nats.request("q", text, { timeout: 2_000 });
    this.stored.add(text);
  }

  see(text: string): void {
    this.seen.add(text);
    if (this.settled.has(text)) this.cameBack.push(text);
  }
}

async function flood(nats: NatsConnection, ledger: Ledger): Promise<void> {
  const publishers = Array.from({ length: 16 }, async () => {
    while (!nats.isClosed()) await ledger.publish(nats);
  });
  const worker = async () => {
    const consumer = await jetstream(nats).consumers.get("Q", "w");
    await consumer.consume({
      callback: (message) => {
        const text = message.string();
        ledger.see(text);
        message.ackAck().then(
          (settled) => settled && ledger.settled.add(text),
          () => {}, // The broker is gone: nobody knows.
        );
      },
    });
  };
  await Promise.allSettled([...publishers, worker()]);
}

it("loses nothing that was stored, and repeats nothing that was settled", {
  timeout: 60_000 + kills * 5_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "muove-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ledger = new Ledger();
  const start = async () => {
    const broker = await BrokerProcess.start({ jetStream: { folder } });
    const nats = await connect({ servers: `127.0.0.1:${broker.port}`, reconnect: false });
    return { broker, nats };
  };

  for (let kill = 0; kill < kills; kill++) {
    const begun = performance.now();
    const { broker, nats } = await start();
    if (kill === 0) {
      const jsm = await jetstreamManager(nats);
      await jsm.streams.add({ name: "Q", subjects: ["q"], retention: RetentionPolicy.Workqueue });
      await jsm.consumers.add("Q", { durable_name: "w", ack_policy: AckPolicy.Explicit, ack_wait: 1e9 });
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
    const flooding = flood(nats, ledger);
    await delay(100 + Math.random() * 300);
    await broker.kill();
    await nats.closed();
    await flooding;
  }

  const { broker, nats } = await start();
  const jsm = await jetstreamManager(nats);
  const consumer = await jetstream(nats).consumers.get("Q", "w");
  await consumer.consume({
    callback: (message) => {
      ledger.see(message.string());
      message.ack();
    },
  });
  await until("all that was left has come", async () => (await jsm.streams.info("Q")).state.messages === 0, 20_000);
  expect([...ledger.stored].filter((text) => !ledger.seen.has(text))).toEqual([]);
  expect(ledger.cameBack).toEqual([]);
  expect(ledger.stored.size).toBeGreaterThan(kills * 20);
  expect(ledger.settled.size).toBeGreaterThan(kills * 5);
  await nats.close();
  await broker.stop();
});
