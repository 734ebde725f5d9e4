// Retries in the middle of a deploy: one instance of a mailbox has the old contract, the other the new one.

import { type Bus, call, mailbox } from "muove";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { connected, openBus, untilOpen } from "./support/buses.js";

const timeout = 5_000;
const total = (currency: z.ZodType<string>) => call({ input: z.object({ currency }), output: z.int(), timeout });
const older = mailbox("orders", { total: total(z.literal("eur")) });
const newer = mailbox("orders", { total: total(z.enum(["eur", "usd"])), refund: call({ output: z.int(), timeout }) });

const usd = { currency: "usd" };
const tags = { region: "eu" };

describeOnEachBroker((kind) => {
  let broker: Broker;
  let caller: Bus;
  let old: Bus;
  let handled: number;
  beforeEach(async () => {
    broker = await kind.start();
    caller = await connected(broker);
    handled = 0;
    old = openBus(broker, { service: "orders", tags });
    old.serve(older, { total: () => 1 });
    await untilOpen(old);
  });

  async function deploy(): Promise<Bus> {
    const bus = openBus(broker, { service: "orders", tags });
    bus.serve(newer, { total: () => ++handled, refund: () => 1 });
    await untilOpen(bus);
    return bus;
  }

  const counts = () => caller.status.counts;

  describe("a call that one instance rejects", () => {
    test.each([
      ["any instance", undefined],
      ["tags", { tags }],
    ])("is sent to another one, with retries, and handled once: to %s", async (_, to) => {
      // Three of four know the message, or by chance a call would now and then find only the old one, until its budget ends.
      await Promise.all([deploy(), deploy(), deploy()]);
      while (counts().retries < 2) {
        expect(await caller.to(newer, to).total(usd, { retries: 20 })).toMatchObject({ status: "ok" });
      }
      expect(old.status.counts.rejected).toBe(counts().retries);
      expect(handled).toBe(counts().calls);
      expect(counts().outcomes).toMatchObject({ ok: counts().calls, rejected: 0 });
    });

    test("is not sent again without retries", async () => {
      expect(await caller.to(newer).total(usd)).toMatchObject({ reason: "rejected", delivered: "no" });
      expect(counts().retries).toBe(0);
    });

    test("is rejected after its retries where every instance rejects it, within the budget", async () => {
      const outcomes = await Promise.all(Array.from({ length: 40 }, () => caller.to(newer).total(usd, { retries: 3 })));
      expect(new Set(outcomes.map((outcome) => "reason" in outcome && outcome.reason))).toEqual(new Set(["rejected"]));
      expect(counts().retries).toBeLessThanOrEqual(14);
    });

    test("is not sent again to one instance, or by key: it would be the same one", async () => {
      for (const to of [{ instance: old.status.instance }, { key: "a" }]) {
        expect(await caller.to(newer, to).total(usd, { retries: 3 })).toMatchObject({ reason: "rejected" });
      }
      expect(counts().retries).toBe(0);
    });
  });

  test("a message that one addressed instance does not know is not sent to it again", async () => {
    await deploy();
    const there = caller.to(newer, { instance: old.status.instance });
    expect(await there.refund(undefined, { retries: 3 })).toMatchObject({ reason: "unknown-message" });
    expect(counts().retries).toBe(0);
  });
});
