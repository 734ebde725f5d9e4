// Casts, and what happens to those that reach nobody (F15).

import { freePort } from "@muove/testkit";
import { type Bus, cast, mailbox, type Receipt } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { connected, deadLettersOf, openBus, pair, serving } from "./support/buses.js";
import { pricing } from "./support/pricing.js";

const sku = { sku: "a" };

describeOnEachBroker((kind) => {
  describe("a cast", () => {
    test("is handled, and its receipt comes at once", async () => {
      const repriced = vi.fn();
      const { prices } = await pair(await kind.start(), { repriced });
      expect(prices.repriced(sku)).toEqual({ status: "sent" });
      await until("it is handled", () => repriced.mock.calls.length === 1);
      expect(repriced.mock.calls[0]?.[0]).toEqual(sku);
    });

    test("may have no input", async () => {
      const flush = vi.fn();
      const { prices } = await pair(await kind.start(), { flush });
      prices.flush();
      await until("it is handled", () => flush.mock.calls.length === 1);
      expect(flush.mock.calls[0]?.[0]).toBeUndefined();
    });

    test("that was handled is not a dead letter, and is no longer pending", async () => {
      const repriced = vi.fn();
      const { caller, prices } = await pair(await kind.start(), { repriced });
      const letters = deadLettersOf(caller);
      for (let i = 0; i < 100; i++) prices.repriced(sku);
      await until(
        "all are handled and confirmed",
        () => repriced.mock.calls.length === 100 && caller.status.pending === 0,
      );
      expect(letters).toEqual([]);
      expect(caller.status.counts).toMatchObject({ casts: 100, deadLetters: 0 });
    });

    test("whose handler throws counts as a crash of the service, and not as a dead letter", async () => {
      const { service, caller, prices } = await pair(await kind.start(), {
        repriced: () => Promise.reject(new Error("boom")),
      });
      const letters = deadLettersOf(caller);
      prices.repriced(sku);
      await until("it crashed", () => service.status.counts.crashed === 1);
      await until("it is confirmed", () => caller.status.pending === 0);
      expect(letters).toEqual([]);
      expect(await prices.ping()).toMatchObject({ status: "ok" });
    });

    test("that its receiver's contract forbids is rejected there, and not a dead letter", async () => {
      const broker = await kind.start();
      const [service, caller] = [await serving(broker), await connected(broker)];
      const older = mailbox("pricing", { repriced: cast({ input: z.object({ id: z.int() }) }) });
      caller.to(older).repriced({ id: 1 });
      await until("it was refused", () => service.status.counts.rejected === 1);
      expect(caller.status.counts.deadLetters).toBe(0);
    });
  });

  describe("a cast becomes a dead letter", () => {
    test("absent/no when nobody listens, with its input, within a round trip", async () => {
      const caller = await connected(await kind.start());
      const letters = deadLettersOf(caller);
      expect(caller.to(pricing).repriced(sku)).toEqual({ status: "sent" });
      await until("it came back", () => letters.length > 0);
      expect(letters).toEqual([
        {
          kind: "cast",
          mailbox: "pricing",
          message: "repriced",
          address: "pricing.repriced",
          input: sku,
          reason: "absent",
          delivered: "no",
        },
      ]);
      expect(caller.status.counts.deadLetters).toBe(1);
    });

    test("unreachable/no at once when there is no connection", async () => {
      const caller = openBus({ url: `127.0.0.1:${await freePort()}` });
      const letters = deadLettersOf(caller);
      const receipt = caller.to(pricing).repriced(sku);
      expect(receipt).toEqual({ status: "unsent", reason: "unreachable", delivered: "no" });
      expect(letters).toEqual([
        {
          kind: "cast",
          mailbox: "pricing",
          message: "repriced",
          address: "pricing.repriced",
          input: sku,
          reason: "unreachable",
          delivered: "no",
        },
      ]);
    });

    test("forbidden/no when the permissions refuse its subject", async () => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { publish: ["muove.pricing.>"] } }] });
      const caller = await connected(broker, { credentials: { user: "limited", pass: "limited" } });
      const letters = deadLettersOf(caller);
      caller.to(pricing).repriced(sku);
      await until("it came back", () => letters.length > 0);
      expect(letters).toMatchObject([{ reason: "forbidden", delivered: "no" }]);
      expect(caller.status.pending).toBe(0);
    });

    test("once, however many listeners there are", async () => {
      const caller = await connected(await kind.start());
      caller.to(pricing).repriced(sku);
      await until("it is counted", () => caller.status.counts.deadLetters === 1);
      const [one, other] = [deadLettersOf(caller), deadLettersOf(caller)];
      caller.to(pricing).repriced(sku);
      await until("it came back", () => one.length > 0);
      expect([one.length, other.length, caller.status.counts.deadLetters]).toEqual([1, 1, 2]);
    });
  });

  describe("without a connection, a cast", () => {
    const notes = mailbox("notes", {
      kept: cast({ input: z.int(), whenUnreachable: { bufferFor: 60_000 } }),
      dropped: cast({ input: z.int(), whenUnreachable: "drop" }),
      failed: cast({ input: z.int() }),
    });

    const addresses: Readonly<Record<string, (bus: Bus) => (n: number) => Receipt>> = {
      "any instance": (bus) => bus.to(notes).kept,
      tags: (bus) => bus.to(notes, { tags: { region: "eu" } }).kept,
      everyone: (bus) => bus.toAll(notes).kept,
    };

    test("CAST-BUFFER-2 waits where its contract says so, and is sent in its order, before any later one", async () => {
      const port = await freePort();
      const url = `127.0.0.1:${port}`;
      const [service, caller] = [openBus({ url }), openBus({ url })];
      const letters = deadLettersOf(caller);
      const handled: number[] = [];
      for (let n = 0; n < 20; n++) expect(caller.to(notes).kept(n)).toEqual({ status: "buffered" });
      caller.on("connected", () => caller.to(notes).kept(20));
      service.serve(notes, { kept: (n) => void handled.push(n), dropped: () => {}, failed: () => {} });
      await kind.start({ port });
      await until("all are handled or dead letters", () => handled.length + letters.length === 21);
      // If the caller connected before the service, the first ones found nobody.
      const expected = Array.from({ length: 21 }, (_, n) => n);
      expect([...letters.map(({ input }) => input), ...handled]).toEqual(expected);
      expect(letters.every(({ reason }) => reason === "absent")).toBe(true);
    });

    test.each(Object.entries(addresses))(
      "CAST-BUFFER-2 CAST-BUFFER-1 overtakes none that wait, however full the buffer is: to %s",
      async (_, to) => {
        const port = await freePort();
        const url = `127.0.0.1:${port}`;
        const caller = openBus({ url }, { castBuffer: 3 });
        const letters = deadLettersOf(caller);
        const kept = (n: number) => to(caller)(n).status;
        expect([1, 2, 3, 4].map(kept)).toEqual(["buffered", "buffered", "buffered", "unsent"]);
        await kind.start({ port });
        await caller.connected();
        // Nobody is there yet, so those three wait on.
        expect(kept(5)).toBe("unsent");
        const service = openBus({ url }, { service: "notes", tags: { region: "eu" } });
        const handled: number[] = [];
        service.serve(notes, { kept: (n) => void handled.push(n), dropped: () => {}, failed: () => {} });
        await until("those that waited are handled", () => handled.length === 3);
        await until("nothing waits any more", () => caller.status.pending === 0);
        expect(kept(6)).toBe("sent");
        await until("the last one is handled", () => handled.length === 4);
        expect(handled).toEqual([1, 2, 3, 6]);
        expect(letters.map(({ input, reason }) => [input, reason])).toEqual([
          [4, "unreachable"],
          [5, "unreachable"],
        ]);
      },
    );

    test("CAST-BUFFER-2 overtakes none that wait because the connection takes no more", async () => {
      const broker = await kind.start();
      const service = openBus(broker, { service: "notes" });
      const handled: number[] = [];
      service.serve(notes, { kept: (n) => void handled.push(n), dropped: () => {}, failed: () => {} });
      await service.connected();
      const path = await makeKit().proxy(broker.url);
      const caller = openBus(path);
      await caller.connected();
      await path.stall();
      const bulk = mailbox("bulk", { take: cast({ input: z.string() }) });
      await until("it takes no more", () => caller.to(bulk).take("x".repeat(1_000_000)).status === "unsent");
      expect(caller.to(notes).kept(0)).toEqual({ status: "buffered" });
      await path.heal();
      let made = 0;
      await until("some are handled", () => {
        caller.to(notes).kept(++made);
        return handled.length >= 5;
      });
      expect(handled).toEqual(handled.map((_, n) => n));
    });

    test("CAST-BUFFER-1 that has waited for as long as it was given is a dead letter, once", async () => {
      const caller = openBus({ url: `127.0.0.1:${await freePort()}` });
      const letters = deadLettersOf(caller);
      expect(caller.to(notes).failed(1, { whenUnreachable: { bufferFor: 20 } })).toEqual({ status: "buffered" });
      expect(letters).toEqual([]);
      await until("it came back", () => letters.length > 0);
      expect(letters).toMatchObject([{ message: "failed", input: 1, reason: "unreachable", delivered: "no" }]);
    });

    test("CAST-BUFFER-1 becomes a dead letter if it is still buffered when the bus closes", async () => {
      const caller = openBus({ url: `127.0.0.1:${await freePort()}` });
      const letters = deadLettersOf(caller);
      caller.to(notes).kept(1);
      await caller.close();
      expect(letters).toMatchObject([{ message: "kept", reason: "unreachable", delivered: "no" }]);
    });

    test("is dropped without a dead letter where its contract says so", async () => {
      const caller = openBus({ url: `127.0.0.1:${await freePort()}` });
      const letters = deadLettersOf(caller);
      expect(caller.to(notes).dropped(1)).toMatchObject({ status: "unsent", reason: "unreachable" });
      expect(letters).toEqual([]);
    });
  });

  test("a cast right before close() is delivered, and not a dead letter", async () => {
    const repriced = vi.fn();
    const { caller, prices } = await pair(await kind.start(), { repriced });
    const letters = deadLettersOf(caller);
    prices.repriced(sku);
    await caller.close();
    await until("it is handled", () => repriced.mock.calls.length === 1);
    expect(letters).toEqual([]);
  });
});
