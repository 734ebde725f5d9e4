// The official client of JetStream, in the ways in which it is used.

import { startBroker } from "@muove/broker";
import { testkit } from "@muove/testkit";
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { connect, headers, type NatsConnection, nanos } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";
import { until } from "../../support/until.js";

const program = natsServerThatKeepsMail();
const recent = program !== undefined;
// This file has a process of its own.
if (program !== undefined) process.env.NATS_SERVER = program;

const kinds = [
  {
    title: "the embedded broker",
    run: true,
    start: async () => {
      const broker = await startBroker({ port: 0, jetStream: true });
      return { url: broker.url, stop: () => broker.close() };
    },
  },
  {
    title: "[needs nats-server 2.10 or later] nats-server",
    run: recent,
    start: async () => {
      const kit = testkit();
      const { url } = await kit.nats({ on: "nats-server", jetStream: true });
      return { url, stop: () => kit.close() };
    },
  },
];

describe.each(kinds)("the official client of JetStream on $title", ({ run, start }) => {
  describe.skipIf(!run)("", () => {
    let server: { readonly url: string; stop(): Promise<unknown> };
    let nats: NatsConnection;
    let js: JetStreamClient;
    let jsm: JetStreamManager;

    beforeAll(async () => {
      server = await start();
      nats = await connect({ servers: server.url });
      js = jetstream(nats);
      jsm = await jetstreamManager(nats);
    });
    afterAll(async () => {
      await nats.close();
      await server.stop();
    });
    beforeEach(async () => {
      await jsm.streams.add({ name: "S", subjects: ["s.>"], storage: StorageType.Memory });
    });
    afterEach(() => jsm.streams.delete("S"));

    const publish = async (count: number, subject = "s.a") => {
      for (let i = 1; i <= count; i++) await js.publish(subject, `m${i}`);
    };
    const durable = (name: string, own: object = {}) =>
      jsm.consumers.add("S", { durable_name: name, ack_policy: AckPolicy.Explicit, ...own });
    const textsOf = (messages: readonly JsMsg[]): string[] => messages.map((message) => message.string());

    it("manages streams", async () => {
      expect((await jsm.getAccountInfo()).streams).toBe(1);
      const added = await jsm.streams.add({ name: "T", subjects: ["t"], max_msgs: 3, discard: DiscardPolicy.New });
      expect(added.config).toMatchObject({ name: "T", max_msgs: 3, discard: "new" });
      const updated = await jsm.streams.update("T", { max_msgs: 5 });
      expect(updated.config.max_msgs).toBe(5);
      const names: string[] = [];
      for await (const name of jsm.streams.names()) names.push(name);
      expect(names).toEqual(["S", "T"]);
      const listed: string[] = [];
      for await (const { config } of jsm.streams.list()) listed.push(config.name);
      expect(listed).toEqual(["S", "T"]);
      expect(await jsm.streams.find("t")).toBe("T");
      expect(await jsm.streams.delete("T")).toBe(true);
      await expect(jsm.streams.info("T")).rejects.toMatchObject({ name: "StreamNotFoundError" });
    });

    it("publishes, with ids and expectations", async () => {
      expect(await js.publish("s.a", "one", { msgID: "1" })).toMatchObject({ stream: "S", seq: 1 });
      expect(await js.publish("s.a", "one", { msgID: "1" })).toMatchObject({ seq: 1, duplicate: true });
      const wrong = js.publish("s.a", "two", { expect: { lastSequence: 7 } });
      await expect(wrong).rejects.toThrow(/wrong last sequence: 1/);
      expect(await js.publish("s.a", "two", { expect: { lastSequence: 1, streamName: "S" } })).toMatchObject({
        seq: 2,
      });
      await expect(js.publish("nowhere", "hi", { retries: 0 })).rejects.toThrow();
    });

    it("reads, deletes and purges messages", async () => {
      const more = headers();
      more.set("A", "b");
      await js.publish("s.a", "one", { headers: more });
      await publish(2, "s.b");
      const first = await jsm.streams.getMessage("S", { seq: 1 });
      expect([first?.string(), first?.header.get("A"), first?.subject]).toEqual(["one", "b", "s.a"]);
      expect((await jsm.streams.getMessage("S", { last_by_subj: "s.b" }))?.seq).toBe(3);
      expect(await jsm.streams.deleteMessage("S", 2)).toBe(true);
      expect((await jsm.streams.info("S", { deleted_details: true })).state.deleted).toEqual([2]);
      expect((await jsm.streams.purge("S", { filter: "s.b" })).purged).toBe(1);
      expect((await jsm.streams.info("S", { subjects_filter: ">" })).state.subjects).toEqual({ "s.a": 1 });
    });

    it("manages consumers", async () => {
      await durable("c", { filter_subject: "s.a", max_deliver: 5 });
      expect((await jsm.consumers.info("S", "c")).config).toMatchObject({ durable_name: "c", filter_subject: "s.a" });
      await jsm.consumers.update("S", "c", { max_deliver: 7 });
      expect((await jsm.consumers.info("S", "c")).config.max_deliver).toBe(7);
      const listed: string[] = [];
      for await (const { name } of jsm.consumers.list("S")) listed.push(name);
      expect(listed).toEqual(["c"]);
      expect(await jsm.consumers.delete("S", "c")).toBe(true);
      await expect(jsm.consumers.info("S", "c")).rejects.toMatchObject({ name: "ConsumerNotFoundError" });
    });

    it("fetches, and acknowledges in every way", async () => {
      await durable("c", { ack_wait: nanos(60_000) });
      await publish(5);
      const consumer = await js.consumers.get("S", "c");
      const fetched: JsMsg[] = [];
      for await (const message of await consumer.fetch({ max_messages: 5, expires: 2_000 })) fetched.push(message);
      expect(textsOf(fetched)).toEqual(["m1", "m2", "m3", "m4", "m5"]);
      const [first, second, third, fourth, fifth] = fetched as [JsMsg, JsMsg, JsMsg, JsMsg, JsMsg];
      expect(first.info).toMatchObject({ stream: "S", consumer: "c", streamSequence: 1, deliveryCount: 1, pending: 4 });
      expect(await first.ackAck()).toBe(true);
      second.ack();
      third.term("why");
      fourth.nak(100);
      fifth.working();
      fifth.nak();
      const again = [await consumer.next({ expires: 2_000 }), await consumer.next({ expires: 2_000 })];
      expect(again.map((message) => [message?.string(), message?.redelivered])).toEqual([
        ["m5", true],
        ["m4", true],
      ]);
      for (const message of again) message?.ack();
      await nats.flush();
      expect(await consumer.info()).toMatchObject({ num_ack_pending: 0, num_pending: 0, ack_floor: { stream_seq: 5 } });
    });

    it("waits for what it fetches, and says that there is nothing", async () => {
      await durable("c");
      const consumer = await js.consumers.get("S", "c");
      expect(await consumer.next({ expires: 1_000 })).toBeNull();
      const next = consumer.next({ expires: 5_000 });
      await publish(1);
      expect((await next)?.string()).toBe("m1");
    });

    it("consumes what was there and what comes", async () => {
      await durable("c");
      await publish(30);
      const consumer = await js.consumers.get("S", "c");
      const seen: string[] = [];
      const messages = await consumer.consume({
        max_messages: 10,
        callback: (message) => {
          seen.push(message.string());
          message.ack();
        },
      });
      await until("what was there has come", () => seen.length === 30);
      await publish(30);
      await until("what was published has come", () => seen.length === 60);
      await messages.close();
      expect(seen.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, i) => `m${i + 1}`));
      await until("all is acknowledged", async () => (await consumer.info()).num_ack_pending === 0);
    });

    it("consumes in order, with an ordered consumer", async () => {
      await publish(20);
      const consumer = await js.consumers.get("S", { deliver_policy: DeliverPolicy.All });
      const seen: string[] = [];
      const messages = await consumer.consume();
      for await (const message of messages) {
        seen.push(message.string());
        if (seen.length === 20) break;
      }
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `m${i + 1}`));
    });

    it("shares a work queue", async () => {
      await jsm.streams.add({ name: "Q", subjects: ["q"], retention: RetentionPolicy.Workqueue });
      await jsm.consumers.add("Q", { durable_name: "w", ack_policy: AckPolicy.Explicit });
      for (let i = 0; i < 20; i++) await js.publish("q", `${i}`);
      const seen = new Set<string>();
      const workers = await Promise.all(
        [1, 2].map(async () => {
          const consumer = await js.consumers.get("Q", "w");
          return await consumer.consume({
            callback: (message) => {
              seen.add(message.string());
              message.ack();
            },
          });
        }),
      );
      await until("all has come", () => seen.size === 20);
      await until("all is gone", async () => (await jsm.streams.info("Q")).state.messages === 0);
      await Promise.all(workers.map((worker) => worker.close()));
      await jsm.streams.delete("Q");
    });
  });
});
