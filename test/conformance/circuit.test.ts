// The circuit of an address where calls only time out (F4), and retries.

import { eventually } from "@muove/testkit";
import { type Bus, call, mailbox } from "muove";
import { describe, expect, test, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, openBus, untilOpen } from "./support/buses.js";
import { answering, plainClient, withHeaders } from "./support/plain.js";

const slow = mailbox("slow", {
  go: call({ timeout: 40 }),
  other: call({ timeout: 5_000 }),
  again: call({ timeout: 5_000, idempotent: true }),
});
const brisk = mailbox("brisk", { go: call({ timeout: 500 }) });
const never = () => new Promise<never>(() => {});

describeOnEachBroker((kind) => {
  describe("the circuit of an address", () => {
    test("opens after a few timeouts in a row, fails calls at once, and closes when something answers", async () => {
      const broker = await kind.start();
      const [service, caller] = [openBus(broker, { service: "slow" }), await connected(broker)];
      let hangs = true;
      service.serve(slow, { go: () => (hangs ? never() : undefined), other: () => {}, again: () => {} });
      await untilOpen(service);
      const client = caller.to(slow);
      const reasons: string[] = [];
      while (!reasons.includes("circuit-open") && reasons.length < 50) {
        const outcome = await client.go();
        reasons.push("reason" in outcome ? outcome.reason : outcome.status);
      }
      // Four timeouts, or more on a machine so slow that its own timers are late: those do not count.
      expect(new Set(reasons)).toEqual(new Set(["timeout", "circuit-open"]));
      expect(reasons.length).toBeGreaterThanOrEqual(5);
      expect(await client.go()).toMatchObject({ status: "unavailable", reason: "circuit-open", delivered: "no" });
      expect(await client.other()).toMatchObject({ status: "ok" }); // CIRCUIT-1: an address is one message
      hangs = false;
      let closed = false;
      caller.on("circuitClosed", () => {
        closed = true;
      });
      await until("it closes by itself", () => {
        void client.go();
        return closed;
      });
      // A busy machine may need more than this call's 40 ms for all that was just sent.
      await eventually(async () => (await client.go()).status === "ok");
    });

    const said = (outcome: { status: string; reason?: string }): string => outcome.reason ?? outcome.status;
    const ways: Record<string, (caller: Bus, timeout: number) => Promise<string>> = {
      "a timeout of its own": async (caller, timeout) => said(await caller.to(slow).other(undefined, { timeout })),
      "a budget": async (caller, timeout) => said(await caller.within({ timeout }).to(slow).other()),
    };

    test.each(Object.entries(ways))(
      "CIRCUITS-2 %s with little time shuts it only for those with as little",
      async (_, ask) => {
        const broker = await kind.start();
        const [plain, caller] = [await plainClient(broker), await connected(broker)];
        // Alive, and in need of more than that.
        plain.subscribe("muove.slow.other", { callback: (_, msg) => void setTimeout(() => msg.respond(), 150) });
        await plain.flush();
        const opened = vi.fn();
        caller.on("circuitOpened", opened);
        const reasons: string[] = [];
        while (!reasons.includes("circuit-open") && reasons.length < 50) reasons.push(await ask(caller, 30));
        expect(new Set(reasons)).toEqual(new Set(["timeout", "circuit-open"]));
        for (let i = 0; i < 3; i++) {
          expect(await ask(caller, 1_000)).toBe("ok");
          expect(await caller.to(slow).other()).toMatchObject({ status: "ok" });
        }
        expect(opened).not.toHaveBeenCalled();
      },
    );

    test.each(Object.entries(ways))(
      "CIRCUITS-1 opens for %s that has a fair share of the contract's time",
      async (_, ask) => {
        const broker = await kind.start();
        const [plain, caller] = [await plainClient(broker), await connected(broker)];
        plain.subscribe("muove.slow.other", { callback() {} });
        await plain.flush();
        const opened = vi.fn();
        caller.on("circuitOpened", opened);
        await Promise.all(Array.from({ length: 6 }, () => ask(caller, 3_000)));
        expect(opened).toHaveBeenCalledExactlyOnceWith({ address: "slow.other" });
        expect(await caller.to(slow).other()).toMatchObject({ reason: "circuit-open" });
      },
    );

    test("opens, too, for calls whose time rounds up to half of the contract's", async () => {
      const broker = await kind.start();
      const [service, caller] = [openBus(broker, { service: "brisk" }), await connected(broker)];
      service.serve(brisk, { go: never });
      await untilOpen(service);
      const reasons: string[] = [];
      while (!reasons.includes("circuit-open") && reasons.length < 10) {
        reasons.push(said(await caller.to(brisk).go(undefined, { timeout: 249.5 })));
      }
      expect(reasons.at(-1)).toBe("circuit-open");
    });

    test("a burst that leaves too late because our own loop is blocked opens none", async () => {
      const broker = await kind.start();
      const [plain, caller] = [await plainClient(broker), await connected(broker)];
      plain.subscribe("muove.brisk.go", { callback: (_, msg) => void setTimeout(() => msg.respond(), 50) });
      await plain.flush();
      const opened = vi.fn();
      caller.on("circuitOpened", opened);
      const go = () => caller.to(brisk).go();
      expect(await go()).toMatchObject({ status: "ok" });
      const burst = Array.from({ length: 20 }, go);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 520); // Just past their deadline.
      for (const outcome of await Promise.all(burst)) expect(outcome).toMatchObject({ reason: "timeout" });
      expect(opened).not.toHaveBeenCalled();
      await eventually(async () => (await go()).status === "ok");
    });

    test("CIRCUIT-1 does not count absent, which costs nothing", async () => {
      const caller = await connected(await kind.start());
      for (let i = 0; i < 8; i++) expect(await caller.to(slow).other()).toMatchObject({ reason: "absent" });
    });
  });

  describe("a call is retried", () => {
    test("at once when a draining instance refused it, which sends it to another", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      let asked = 0;
      client.subscribe("muove.slow.other", {
        callback(_, msg) {
          if (asked++ === 0) msg.respond("", withHeaders({ "Muove-Status": "draining" }));
          else msg.respond();
        },
      });
      await client.flush();
      const caller = await connected(broker);
      expect(await caller.to(slow).other()).toMatchObject({ status: "ok" });
      expect(caller.status.counts.retries).toBe(1);
    });

    test("as often as its option says, when it was not delivered", async () => {
      const caller = await connected(await kind.start());
      expect(await caller.to(slow).other(undefined, { retries: 2 })).toMatchObject({ reason: "absent" });
      expect(caller.status.counts).toMatchObject({ calls: 1, retries: 2 });
    });

    test("not without the option", async () => {
      const caller = await connected(await kind.start());
      await caller.to(slow).other();
      expect(caller.status.counts.retries).toBe(0);
    });

    test("not when it crashed, as it was delivered", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      const requests = await answering(await plainClient(broker), "muove.slow.again", "", {
        "Muove-Status": "crashed",
      });
      expect(await caller.to(slow).again(undefined, { retries: 3 })).toMatchObject({ reason: "crashed" });
      expect(requests).toHaveLength(1);
    });

    test("neither beyond its deadline nor after it was cancelled", async () => {
      const caller = await connected(await kind.start());
      const controller = new AbortController();
      const answer = caller.to(slow).other(undefined, { retries: 1_000, signal: controller.signal });
      await until("it is repeated", () => caller.status.counts.retries > 0);
      controller.abort();
      expect(await answer).toMatchObject({ status: "unavailable", delivered: "no" });
      const { retries } = caller.status.counts;
      expect(await caller.to(slow).other(undefined, { retries: 1_000, timeout: 30 })).toMatchObject({
        delivered: "no",
      });
      expect(caller.status.counts.retries - retries).toBeLessThanOrEqual(3);
      expect(caller.status.pending).toBe(0);
    });
  });

  test("only answers of fallbacks are reported and counted as degraded", async () => {
    const broker = await kind.start();
    const caller = await connected(broker);
    const degraded = vi.fn();
    caller.on("degraded", degraded);
    const ask = () => caller.to(slow).other().orElse(undefined);
    await caller.to(slow).other();
    const outcomes = [await ask(), await ask()];
    const told = outcomes.map((outcome) => [{ address: "slow.other", outcome }]);
    expect(degraded.mock.calls).toEqual(told);
    const service = openBus(broker, { service: "slow" });
    service.serve(slow, { go: never, other: () => {}, again: () => {} });
    await untilOpen(service);
    expect(await ask()).toMatchObject({ status: "ok" });
    expect(degraded.mock.calls).toEqual(told);
    expect(caller.status.counts.degraded).toBe(2);
  });
});
