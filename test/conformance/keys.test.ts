// Messages by key (docs/protocol.md, K-1 to K-3), over TCP.

import { type Bus, call, type Handlers, InvalidInput, InvalidOptions, lastKnown, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, serving, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { type Pricing, pricing } from "./support/pricing.js";

const whoami = mailbox("whoami", { ask: call({ output: z.string(), timeout: 5_000 }) });

/** Instances that answer with their own id. */
async function instances(broker: Broker, count: number): Promise<Bus[]> {
  const buses = Array.from({ length: count }, () => openBus(broker, { service: "whoami" }));
  for (const bus of buses) bus.serve(whoami, { ask: () => bus.status.instance });
  await Promise.all(buses.map(untilOpen));
  return buses;
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `key ${n}`);

/** Who answers for each key. */
async function owners(caller: Bus, all: readonly string[]): Promise<string[]> {
  return Promise.all(all.map((key) => caller.to(whoami, { key }).ask().orThrow()));
}

describeOnEachBroker((kind) => {
  describe("messages of one key", () => {
    test("go to the same instance from every caller, and keys spread over all instances", async () => {
      const broker = await kind.start();
      const buses = await instances(broker, 3);
      const [caller, other] = [await connected(broker), await connected(broker)];
      const all = keys(60);
      const first = await owners(caller, all);
      expect(new Set(first)).toEqual(new Set(buses.map(({ status }) => status.instance)));
      expect(await owners(caller, all)).toEqual(first);
      expect(await owners(other, all)).toEqual(first);
      expect(await caller.to(whoami, { key: 7 }).ask()).toEqual(await caller.to(whoami, { key: "7" }).ask());
    });

    test("move when their instance closes, those of other keys stay, and no call fails", async () => {
      const broker = await kind.start();
      const [leaving, ...staying] = await instances(broker, 3);
      const caller = await connected(broker);
      const all = keys(60);
      const before = await owners(caller, all);
      const closed = leaving?.close();
      const meanwhile = await owners(caller, all);
      await closed;
      const after = await owners(caller, all);
      all.forEach((_, n) => {
        if (before[n] === leaving?.status.instance)
          expect(staying.map(({ status }) => status.instance)).toContain(after[n]);
        else expect([meanwhile[n], after[n]]).toEqual([before[n], before[n]]);
      });
    });

    test("move only to an instance that comes", async () => {
      const broker = await kind.start();
      await instances(broker, 2);
      const caller = await connected(broker);
      using monitor = caller.monitor(whoami);
      const all = keys(60);
      const before = await owners(caller, all);
      const [come] = await instances(broker, 1);
      await until("it is known", () => monitor.instances.length === 3);
      const after = await owners(caller, all);
      const moved = after.filter((owner, n) => owner !== before[n]);
      expect(new Set(moved)).toEqual(new Set([come?.status.instance]));
    });

    test("can be sent within a budget, from a handler and with fallbacks, and each key has its own last known answer", async () => {
      const broker = await kind.start();
      const [only] = await instances(broker, 1);
      const via = mailbox("via", { ask: call({ input: z.string(), output: z.string(), timeout: 5_000 }) });
      const caller = await connected(broker);
      caller.serve(via, { ask: async (key, ctx) => ctx.to(whoami, { key }).ask().orThrow() });
      expect(await caller.to(via).ask("a")).toMatchObject({ value: only?.status.instance });
      const within = caller.within({ timeout: 5_000 });
      expect(await within.to(whoami, { key: "a" }).ask().orElse(lastKnown())).toMatchObject({ status: "ok" });
      await only?.close();
      const known = { status: "degraded", reason: "absent", value: only?.status.instance };
      expect(await caller.to(whoami, { key: "a" }).ask().orElse(lastKnown())).toMatchObject(known);
      expect(await caller.to(whoami, { key: "b" }).ask().orElse(lastKnown())).toMatchObject({ reason: "absent" });
      expect(await caller.to(whoami, { key: "b" }).ask().orElse("nobody")).toMatchObject({ value: "nobody" });
    });
  });

  test("no call by key fails while a peer keeps forging goodbyes of all instances", async () => {
    const broker = await kind.start();
    const buses = await instances(broker, 3);
    const caller = await connected(broker);
    const liar = await plainClient(broker);
    const lie = (): void => {
      for (const { status } of buses) {
        const goodbye = JSON.stringify({ type: "goodbye", instance: status.instance });
        liar.publish(`muove-presence.whoami.whoami.${status.instance}`, goodbye);
      }
    };
    const all = keys(60);
    const before = await owners(caller, all);
    const lying = setInterval(lie, 50);
    onTestFinished(() => clearInterval(lying));
    for (let round = 0; round < 20; round++) {
      expect(await owners(caller, all)).toEqual(before);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  describe("a call by key", () => {
    test("is absent within a few round trips when nobody is there", async () => {
      const caller = await connected(await kind.start());
      const started = performance.now();
      expect(await caller.to(whoami, { key: "a" }).ask()).toMatchObject({
        status: "unavailable",
        reason: "absent",
        delivered: "no",
        address: "whoami.ask@{key}",
      });
      expect(performance.now() - started).toBeLessThan(500);
    });

    test("is unreachable at once without a connection, and when the connection is lost while it waits", async () => {
      const caller = openBus({ url: "127.0.0.1:1" });
      expect(await caller.to(whoami, { key: "a" }).ask()).toMatchObject({ reason: "unreachable", delivered: "no" });
      const broker = await kind.start();
      const client = await plainClient(broker);
      client.subscribe("muove.whoami._all.*", { callback: () => {} }); // Never answers.
      await client.flush();
      const waiting = (await connected(broker)).to(whoami, { key: "a" }).ask(undefined, { timeout: 20_000 });
      await broker.kill();
      expect(await waiting).toMatchObject({ reason: "unreachable", delivered: "no" });
    });

    test("is expired when it does not learn in time who is there, and cancelled when its signal aborts", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      client.subscribe("muove.whoami._all.*", { callback: () => {} }); // Never answers.
      await client.flush();
      const caller = await connected(broker);
      const started = performance.now();
      expect(await caller.to(whoami, { key: "a" }).ask(undefined, { timeout: 100 })).toMatchObject({
        reason: "expired",
        delivered: "no",
      });
      expect(performance.now() - started).toBeGreaterThanOrEqual(99);
      const abort = new AbortController();
      const asked = caller.to(whoami, { key: "a" }).ask(undefined, { signal: abort.signal });
      abort.abort();
      expect(await asked).toMatchObject({ reason: "cancelled", delivered: "no" });
      expect(await caller.to(whoami, { key: "a" }).ask(undefined, { timeout: 0 })).toMatchObject({ reason: "expired" });
    });

    test("is forbidden when the permissions do not let it ask who is there", async () => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { publish: ["muove.whoami._all.>"] } }] });
      const credentials = { user: "limited", pass: "limited" };
      const service = openBus(broker, { service: "whoami", credentials });
      service.serve(whoami, { ask: () => "" });
      await untilOpen(service);
      const caller = await connected(broker, { credentials });
      expect(await caller.to(whoami, { key: "a" }).ask()).toMatchObject({ reason: "forbidden", delivered: "no" });
      expect(await caller.to(whoami).ask()).toMatchObject({ status: "ok" });
      expect(await caller.monitor(whoami).whenSettled({ timeout: 5_000 })).toBe(false);
    });

    const wrong = ["", "ü".repeat(129), Number.NaN, null, {}, true, undefined];
    test.each(wrong.map((key) => [key]))("cannot be made with %j: keys come from data", (key) => {
      const caller = openBus({ url: "127.0.0.1:1" });
      const make = () => caller.to(whoami, { key } as never);
      expect(make).toThrow(InvalidInput);
      expect(make).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path: ["key"] })] }));
    });

    test.each([{ instance: undefined }, { tags: undefined }])("is none that is there and undefined: %j", (to) => {
      const caller = openBus({ url: "127.0.0.1:1" });
      expect(() => caller.to(whoami, to as never)).toThrow(InvalidOptions);
      expect(() => caller.to(whoami, to as never)).toThrow(/is undefined: omit it for any instance/);
    });
  });

  describe("casts by key", () => {
    const counting = (got: string[], own: Partial<Handlers<Pricing>> = {}) => ({
      ...own,
      repriced: ({ sku }: { sku: string }) => void got.push(sku),
    });

    test("arrive in order, including those that wait until it is known who is there", async () => {
      const broker = await kind.start();
      const got: string[] = [];
      await serving(broker, counting(got));
      const caller = await connected(broker);
      const skus = Array.from({ length: 20 }, (_, n) => `${n}`);
      const receipts = skus.map((sku) => caller.to(pricing, { key: "a" }).repriced({ sku }));
      expect(receipts[0]).toEqual({ status: "buffered" });
      await until("they have come", () => got.length === 20);
      expect(got).toEqual(skus);
      expect(caller.to(pricing, { key: "a" }).repriced({ sku: "20" })).toEqual({ status: "sent" });
      await until("it has come", () => got.length === 21);
      expect(caller.status.counts).toMatchObject({ casts: 21, deadLetters: 0 });
    });

    test("go to another instance when theirs closes", async () => {
      const broker = await kind.start();
      const got: string[] = [];
      const buses = [await serving(broker, counting(got)), await serving(broker, counting(got))];
      const caller = await connected(broker);
      for (let n = 0; n < 10; n++) caller.to(pricing, { key: n }).repriced({ sku: `${n}` });
      await until("they have come", () => got.length === 10);
      const [stopping] = buses;
      const closing = stopping?.close();
      for (let n = 0; n < 10; n++) caller.to(pricing, { key: n }).repriced({ sku: `${n}` });
      await closing;
      for (let n = 0; n < 10; n++) caller.to(pricing, { key: n }).repriced({ sku: `${n}` });
      await until("all have come", () => got.length === 30);
      expect(caller.status.counts).toMatchObject({ deadLetters: 0 });
    });

    test("are dead letters when nobody is there", async () => {
      const caller = await connected(await kind.start());
      const dead: string[] = [];
      caller.on("deadLetter", ({ address, reason, delivered }) => dead.push(`${address} ${reason}/${delivered}`));
      caller.to(pricing, { key: "a" }).repriced({ sku: "tea" });
      await until("it is a dead letter", () => dead.length === 1);
      expect(dead).toEqual(["pricing.repriced@{key} absent/no"]);
    });

    test("follow their policy without a connection, and become dead letters when the bus closes", async () => {
      const caller = openBus({ url: "127.0.0.1:1" });
      const dead: string[] = [];
      caller.on("deadLetter", ({ reason, delivered }) => dead.push(`${reason}/${delivered}`));
      const prices = caller.to(pricing, { key: "a" });
      expect(prices.repriced({ sku: "a" })).toMatchObject({ status: "unsent", reason: "unreachable" });
      expect(prices.repriced({ sku: "a" }, { whenUnreachable: "drop" })).toMatchObject({ status: "unsent" });
      expect(prices.repriced({ sku: "a" }, { whenUnreachable: { bufferFor: 60_000 } })).toEqual({ status: "buffered" });
      expect(caller.status.counts).toMatchObject({ deadLetters: 1, droppedCasts: 1 });
      await caller.close();
      expect(dead).toEqual(["unreachable/no", "unreachable/no"]);
    });
  });

  test("a call by key that runs when its instance closes is answered by that instance, and sent to no other", async () => {
    const broker = await kind.start();
    const [busy, free] = [gate(), gate()];
    let handled = 0;
    const own = {
      async ping() {
        handled++;
        busy.open();
        await free.passed;
      },
    };
    const buses = [await serving(broker, own), await serving(broker, own)];
    const caller = await connected(broker);
    const asked = caller.to(pricing, { key: "a" }).ping();
    await busy.passed;
    const closing = Promise.all(buses.map((bus) => bus.close()));
    free.open();
    expect(await asked).toMatchObject({ status: "ok" });
    await closing;
    expect(handled).toBe(1);
  });
});
