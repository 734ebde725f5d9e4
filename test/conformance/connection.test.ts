// NATS comes late, is killed, and comes back (F1, F6).

import { freePort } from "@muove/testkit";
import { describe, expect, test, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { gate, openBus, pair, untilOpen } from "./support/buses.js";
import { handlers, one, pricing } from "./support/pricing.js";

describeOnEachBroker((kind) => {
  describe("when NATS is not there at the start", () => {
    test("a call is unreachable/no at once, and mailboxes open by themselves when NATS comes", async () => {
      const port = await freePort();
      const url = `127.0.0.1:${port}`;
      const [service, caller] = [openBus({ url }), openBus({ url })];
      service.serve(pricing, handlers());
      const prices = caller.to(pricing);
      const started = performance.now();
      expect(await prices.quote(one)).toMatchObject({ status: "unavailable", reason: "unreachable", delivered: "no" });
      expect(performance.now() - started).toBeLessThan(500);
      expect(await prices.quote(one).orElse({ cents: 7 })).toMatchObject({ status: "degraded", value: { cents: 7 } });
      expect(service.status.mailboxes).toMatchObject([{ name: "pricing", version: "1.2.0", state: "pending" }]);
      await kind.start({ port });
      await untilOpen(service);
      await until("the caller is connected", () => caller.status.connection.state === "up");
      expect(await prices.quote(one)).toMatchObject({ status: "ok", value: { cents: 100 } });
    });

    test("a failed attempt is reported, and close() ends the attempts at once", async () => {
      const bus = openBus({ url: `127.0.0.1:${await freePort()}` });
      const failed = vi.fn();
      bus.on("connectFailed", failed);
      await until("an attempt failed", () => failed.mock.calls.length > 0);
      expect(failed.mock.calls[0]?.[0]).toMatchObject({ attempt: 1, kind: "refused", error: expect.any(Error) });
      const started = performance.now();
      await bus.close();
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(bus.status.connection.state).toBe("closed");
    });
  });

  test("a call of a bus that was closed says so, before it and during it, however it is addressed", async () => {
    const broker = await kind.start();
    const begun = gate();
    const { caller, service, prices } = await pair(broker, {
      echo: () => {
        begun.open();
        return new Promise<never>(() => {});
      },
    });
    const underWay = prices.echo(1, { timeout: 60_000 });
    await begun.passed;
    await caller.close();
    const before = { reason: "unreachable", delivered: "no", message: expect.stringContaining("this bus is closed") };
    const during = { delivered: "maybe", message: expect.stringContaining("this bus was closed before the answer") };
    expect(await underWay).toMatchObject({ reason: "unreachable", ...during });
    const { instance } = service.status;
    for (const to of [undefined, { instance }, { key: "a" }, { tags: { region: "eu" } }]) {
      expect(await caller.to(pricing, to).quote(one)).toMatchObject(before);
    }
    for await (const { outcome } of caller.toAll(pricing).quote(one)) expect(outcome).toMatchObject(before);
  });

  describe("when NATS is killed", () => {
    test("a call under way is unreachable/maybe, new ones are unreachable/no, and calls work again when it is back", async () => {
      const broker = await kind.start();
      const begun = gate();
      const never = () => new Promise<never>(() => {});
      const { service, caller, prices } = await pair(broker, {
        echo: () => {
          begun.open();
          return never();
        },
      });
      const disconnected = vi.fn();
      caller.on("disconnected", disconnected);
      const underWay = prices.echo(1, { timeout: 60_000 });
      await begun.passed;
      await broker.kill();
      expect(await underWay).toMatchObject({ reason: "unreachable", delivered: "maybe" });
      expect(await prices.quote(one)).toMatchObject({ reason: "unreachable", delivered: "no" });
      expect(caller.status.pending).toBe(0);
      expect(disconnected.mock.calls).toMatchObject([[{ reason: "lost" }]]);
      await until("the service has noticed", () => service.status.mailboxes[0]?.state === "pending");
      await kind.start({ port: broker.port });
      await untilOpen(service);
      await until("the caller is connected", () => caller.status.connection.state === "up");
      expect(await prices.quote(one)).toMatchObject({ status: "ok" });
    });

    test("a cast right after it is a dead letter, as unreachable", async () => {
      const broker = await kind.start();
      const { caller, prices } = await pair(broker);
      const letters = vi.fn();
      await broker.kill();
      caller.on("deadLetter", letters);
      prices.repriced({ sku: "a" });
      await until("it is a dead letter", () => letters.mock.calls.length === 1);
      expect(letters.mock.calls[0]?.[0]).toMatchObject({ reason: "unreachable" });
    });

    test("a handler that runs goes on, and its answer, which cannot be sent, is no crash", async () => {
      const broker = await kind.start();
      const [begun, end] = [gate(), gate()];
      const { service, prices } = await pair(broker, {
        echo: async (input) => {
          begun.open();
          await end.passed;
          return input;
        },
      });
      const answer = prices.echo(1, { timeout: 60_000 });
      await begun.passed;
      await broker.kill();
      expect(await answer).toMatchObject({ reason: "unreachable", delivered: "maybe" });
      end.open();
      await until("it is done", () => service.status.mailboxes[0]?.running === 0);
      expect(service.status.counts.crashed).toBe(0);
    });
  });
});
