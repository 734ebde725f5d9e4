// Where a mailbox takes its messages (docs/protocol.md, S-2 to S-8), seen by the official client, which knows nothing of
// Muove.

import { type Bus, call, InvalidOptions, lastKnown, mailbox } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, serving, untilOpen } from "./support/buses.js";
import { plainClient, serviceError } from "./support/plain.js";
import { handlers, one, pricing } from "./support/pricing.js";

const quote = JSON.stringify(one);

describeOnEachBroker((kind) => {
  describe("an instance takes messages", () => {
    test("sent to itself, and none sent to another instance", async () => {
      const broker = await kind.start();
      const [first, second] = [await serving(broker), await serving(broker, { quote: () => ({ cents: 2 }) })];
      const client = await plainClient(broker);
      const ask = async ({ status: { instance } }: typeof first): Promise<unknown> =>
        (await client.request(`muove.pricing._i.${instance}.quote`, quote)).json();
      for (let i = 0; i < 5; i++) {
        expect(await ask(first)).toEqual({ cents: 100 });
        expect(await ask(second)).toEqual({ cents: 2 });
      }
      await second.close();
      await expect(ask(second)).rejects.toThrow(/no responders/);
      expect(await ask(first)).toEqual({ cents: 100 });
    });

    test("sent to any subset of its tags, and none sent to other tags", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { tags: { zone: "a", region: "eu", disk: "fast" } });
      const client = await plainClient(broker);
      const ask = (tags: string) => client.request(`muove.pricing._t.${tags}.quote`, quote);
      const choices = ["disk=fast", "region=eu", "zone=a"];
      const pairs = ["disk=fast,region=eu", "disk=fast,zone=a", "region=eu,zone=a"];
      for (const tags of [...choices, ...pairs, choices.join(",")]) {
        expect((await ask(tags)).json(), tags).toEqual({ cents: 100 });
      }
      for (const tags of ["region=us", "region=eu,zone=b", "zone=a,region=eu"]) {
        await expect(ask(tags), tags).rejects.toThrow(/no responders/);
      }
    });

    test("sent to tags that it shares with others, each message at one of them", async () => {
      const broker = await kind.start();
      let handled = 0;
      const own = { quote: () => ({ cents: ++handled }) };
      await Promise.all(["a", "b", "a"].map((zone) => serving(broker, own, { tags: { region: "eu", zone } })));
      const client = await plainClient(broker);
      for (let i = 1; i <= 10; i++) {
        expect((await client.request("muove.pricing._t.region=eu.quote", quote)).json()).toEqual({ cents: i });
      }
    });

    test("sent to everyone, and signs its answers", async () => {
      const broker = await kind.start();
      const services = await Promise.all([1, 2, 3].map(() => serving(broker)));
      const client = await plainClient(broker);
      const answers = await client.requestMany("muove.pricing._all.quote", quote, { maxMessages: 3, maxWait: 5_000 });
      const from: (string | undefined)[] = [];
      for await (const answer of answers) from.push(answer.headers?.get("Muove-From"));
      expect(from.sort()).toEqual(services.map(({ status: { instance } }) => `pricing/${instance}`).sort());
    });
  });

  describe("an unknown message", () => {
    test("is answered as unknown-message when it was sent to an instance", async () => {
      const broker = await kind.start();
      const { status } = await serving(broker);
      const client = await plainClient(broker);
      const answer = await client.request(`muove.pricing._i.${status.instance}.refund`, quote);
      expect(serviceError(answer)).toEqual({
        status: "unknown-message",
        error: "pricing.refund is unknown here",
        code: "404",
      });
    });

    test("has no responders when it was sent to tags", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { tags: { region: "eu" } });
      const client = await plainClient(broker);
      await expect(client.request("muove.pricing._t.region=eu.refund", quote)).rejects.toThrow(/no responders/);
    });
  });

  describe("a message to an address", () => {
    const eu = { tags: { region: "eu" } };

    test("reaches the instance or tags it names, from a bus, within a budget and from a handler", async () => {
      const broker = await kind.start();
      const own = (cents: number) => ({ quote: () => ({ cents }) });
      const first = await serving(broker, own(1), eu);
      const second = await serving(broker, own(2), { tags: { region: "us" } });
      const via = mailbox("via", { ask: call({ input: z.string(), output: z.int() }) });
      const relay = openBus(broker, { service: "via" });
      relay.serve(via, {
        ask: async (region, ctx) => (await ctx.to(pricing, { tags: { region } }).quote(one).orThrow()).cents,
      });
      await untilOpen(relay);
      const caller = await connected(broker);
      const within = caller.within({ timeout: 5_000 });
      for (let i = 0; i < 5; i++) {
        expect(await caller.to(pricing, { instance: first.status.instance }).quote(one)).toMatchObject({
          value: { cents: 1 },
        });
        expect(await within.to(pricing, { instance: second.status.instance }).quote(one)).toMatchObject({
          value: { cents: 2 },
        });
        expect(await within.to(pricing, eu).quote(one)).toMatchObject({ value: { cents: 1 } });
        expect(await caller.to(via).ask("us")).toMatchObject({ value: 2 });
      }
    });

    test("falls back to the last known answer of that address, and of no other", async () => {
      const broker = await kind.start();
      const first = await serving(broker, { quote: () => ({ cents: 1 }) }, eu);
      const second = await serving(broker, { quote: () => ({ cents: 2 }) });
      const caller = await connected(broker);
      const ask = (bus: Bus) => caller.to(pricing, { instance: bus.status.instance }).quote(one).orElse(lastKnown());
      expect(await ask(first)).toMatchObject({ status: "ok", value: { cents: 1 } });
      expect(await ask(second)).toMatchObject({ status: "ok", value: { cents: 2 } });
      await Promise.all([first.close(), second.close()]);
      expect(await ask(first)).toMatchObject({ status: "degraded", reason: "absent", value: { cents: 1 } });
      expect(await ask(second)).toMatchObject({ status: "degraded", reason: "absent", value: { cents: 2 } });
      expect(await caller.to(pricing, eu).quote(one).orElse(lastKnown())).toMatchObject({ status: "unavailable" });
    });

    test("may be a cast, whose dead letter names the address", async () => {
      const broker = await kind.start();
      const got: string[] = [];
      await serving(broker, { repriced: ({ sku }) => void got.push(sku) }, eu);
      const caller = await connected(broker);
      const dead: string[] = [];
      caller.on("deadLetter", ({ address, reason }) => dead.push(`${address} ${reason}`));
      expect(caller.to(pricing, eu).repriced({ sku: "tea" })).toEqual({ status: "sent" });
      await until("it has come", () => got.length === 1);
      caller.to(pricing, { tags: { region: "us" } }).repriced({ sku: "tea" });
      caller.to(pricing, { instance: "nobody" }).repriced({ sku: "tea" });
      await until("they are dead letters", () => dead.length === 2);
      expect(dead.sort()).toEqual(["pricing.repriced@nobody absent", "pricing.repriced@region=us absent"]);
    });

    test("may be cancelled, which its handler learns", async () => {
      const broker = await kind.start();
      const started = gate();
      const aborted = gate();
      const service = await serving(broker, {
        async ping(_, { signal }) {
          signal.addEventListener("abort", aborted.open);
          started.open();
          await aborted.passed;
        },
      });
      const caller = await connected(broker);
      const abort = new AbortController();
      const to = { instance: service.status.instance };
      const asked = caller.to(pricing, to).ping(undefined, { signal: abort.signal });
      await started.passed;
      abort.abort();
      expect(await asked).toMatchObject({ reason: "cancelled", delivered: "maybe" });
      await aborted.passed;
    });

    test("ends without delivery when its instance drains, while calls to tags find another one", async () => {
      const broker = await kind.start();
      const [busy, free] = [gate(), gate()];
      const leaving = await serving(
        broker,
        {
          async ping() {
            busy.open();
            await free.passed;
          },
        },
        eu,
      );
      const caller = await connected(broker);
      const there = caller.to(pricing, { instance: leaving.status.instance });
      const underWay = there.ping();
      await busy.passed;
      await serving(broker, {}, eu);
      const asked = Promise.all([there.quote(one), caller.to(pricing, eu).quote(one)]);
      void leaving.close();
      const [there1, any1] = await asked;
      expect(any1).toMatchObject({ status: "ok" });
      expect(["ok", "draining", "absent"]).toContain(there1.status === "unavailable" ? there1.reason : there1.status);
      expect(await there.quote(one, { retries: 5 })).toMatchObject({ status: "unavailable", delivered: "no" });
      expect(await caller.to(pricing, eu).quote(one)).toMatchObject({ status: "ok" });
      free.open();
      expect(await underWay).toMatchObject({ status: "ok" });
    });
  });

  describe("a service whose permissions refuse", () => {
    test.each([
      ["its own address", "muove.pricing._i.>"],
      ["its tags", "muove.pricing._t.>"],
      ["everyone's address", "muove.pricing._all.>"],
    ])("%s keeps its mailbox open and ready, and reports it", async (_, subject) => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { subscribe: [subject] } }] });
      const credentials = { user: "limited", pass: "limited" };
      const told: string[] = [];
      const service = openBus(broker, { service: "pricing", tags: { region: "eu" }, credentials });
      service.on("forbidden", ({ subject }) => told.push(subject));
      service.serve(pricing, handlers());
      await untilOpen(service);
      const [{ forbidden = [] } = {}] = service.status.mailboxes;
      expect(forbidden.length).toBeGreaterThan(0);
      expect(forbidden.every((refused) => refused.startsWith(subject.slice(0, -1)))).toBe(true);
      expect(told.sort()).toEqual([...forbidden].sort());
      expect(service.health).toMatchObject({ live: true, ready: true, problems: [] });
      const caller = await connected(broker, { credentials });
      expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "ok" });
    });
  });
});

test.each([{ "a.b": "c" }, { a: "b c" }, { a: "1", b: "2", c: "3", d: "4", e: "5" }])(
  "connect() throws for tags that cannot be part of a subject: %j",
  (tags) => {
    expect(() => openBus({ url: "127.0.0.1:1" }, { tags })).toThrow(InvalidOptions);
    expect(() => openBus({ url: "127.0.0.1:1" }, { tags })).toThrow(/tags (has|must)/);
  },
);
