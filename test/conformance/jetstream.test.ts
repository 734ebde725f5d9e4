// A real JetStream stream that captures everything, as auditors like it (F24).

import { event, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { connected, serving } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const kinds = [
  { on: "embedded", run: true, title: "on the embedded broker" },
  { on: "nats-server", run: natsServer, title: "[needs nats-server]" },
] as const;

describe.each(kinds)("$title under a stream that captures every request", ({ on, run }) => {
  /** A server with a stream, by default on `muove.>`, that keeps one message and refuses all others. */
  async function audited(own: object = {}) {
    const server = await makeKit().nats({ on, jetStream: true });
    const stream = { name: "AUDIT", subjects: ["muove.>"], storage: "memory", max_msgs: 1, discard: "new", ...own };
    const created = await (await plainClient(server)).request("$JS.API.STREAM.CREATE.AUDIT", JSON.stringify(stream));
    expect(created.json()).not.toHaveProperty("error");
    return server;
  }

  describe.skipIf(!run)("", () => {
    test.each(["msgpack", "json"] as const)(
      "calls of a %s bus work, both while the stream takes them and when it is full",
      async (encoding) => {
        const broker = await audited();
        await serving(broker);
        const caller = await connected(broker, { encoding });
        for (let calls = 1; calls <= 5; calls++) {
          expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "ok", value: { cents: 100 } });
          expect(await caller.to(pricing).tell("a")).toMatchObject({ status: "ok", value: undefined });
        }
        await until("every acknowledgement is recognised", () => {
          const { streamAcknowledgements, strayReplies } = caller.status.counts;
          return streamAcknowledgements + strayReplies === 10;
        });
      },
    );

    test("every address works, a clean close is reported as closed, and a loss as silent", {
      timeout: 60_000,
    }, async () => {
      const broker = await audited();
      const services = [await serving(broker, {}, { tags: { region: "eu" } }), await serving(broker)];
      const caller = await connected(broker);
      const [closing, going] = services.map(({ status: { instance } }) => instance) as [string, string];
      for (const to of [{ instance: closing }, { tags: { region: "eu" } }, { key: "a" }]) {
        expect(await caller.to(pricing, to).quote(one), JSON.stringify(to)).toMatchObject({ status: "ok" });
      }
      const from = new Set<string | undefined>();
      for await (const { instance, outcome } of caller.toAll(pricing).quote(one)) {
        if (outcome.status === "ok") from.add(instance);
      }
      expect(from).toEqual(new Set([closing, going]));

      const monitor = caller.monitor(pricing);
      onTestFinished(() => monitor.stop());
      const downs: string[] = [];
      monitor.on("down", ({ instance, reason }) => downs.push(`${instance} ${reason}`));
      expect(await monitor.whenSettled()).toBe(true);
      await services[0]?.close();
      await until("it is reported", () => downs.length === 1);
      expect(downs).toEqual([`${closing} closed`]);
      // This one goes without a goodbye: only the stream still listens to its subject.
      const gone = await plainClient(broker);
      const ghost = { instance: "ghost", service: "pricing", version: "1.0.0", tags: {}, since: 0, degraded: false };
      const card = JSON.stringify(ghost);
      const asked = gone.subscribe("muove.pricing._i.ghost._watch", { callback: (_, msg) => void msg.respond(card) });
      await gone.flush();
      gone.publish("muove-presence.pricing.pricing.ghost", JSON.stringify({ type: "hello", ...ghost }));
      await until("it is known", () => monitor.instances.some(({ instance }) => instance === "ghost"));
      asked.unsubscribe();
      await until("it is reported", () => downs.length === 2, 20_000);
      expect(downs[1]).toBe("ghost silent");
      expect(monitor.instances.map(({ instance }) => instance)).toEqual([going]);
    });

    test("a monitor reports absent when nobody has answered for a while", async () => {
      const caller = await connected(await audited());
      const monitor = caller.monitor(pricing);
      onTestFinished(() => monitor.stop());
      const downs: string[] = [];
      monitor.on("down", ({ reason }) => downs.push(reason));
      expect(await monitor.whenSettled({ timeout: 5_000 })).toBe(true);
      await until("it is reported", () => downs.length === 1);
      expect(downs).toEqual(["absent"]);
      expect(await caller.to(pricing, { key: "a" }).quote(one)).toMatchObject({ reason: "absent", delivered: "no" });
    });

    test("a call to an absent mailbox is a timeout, as the stream hides that nobody listens", async () => {
      const caller = await connected(await audited());
      expect(await caller.to(pricing).quote(one, { timeout: 100 })).toMatchObject({
        reason: "timeout",
        delivered: "maybe",
      });
      expect(caller.status.counts.streamAcknowledgements).toBe(1);
    });

    test("events reach their listener once, and the stream keeps them", async () => {
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
});
