// What nested calls share, how a service drains, and what serve() takes.

import { call, mailbox } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, pair, serving, untilOpen } from "./support/buses.js";
import { holdingRelay } from "./support/holding-relay.js";
import { plainClient, withHeaders } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const shop = mailbox("shop", { order: call({ output: z.string(), timeout: 5_000 }) });
const never = () => new Promise<never>(() => {});

describeOnEachBroker((kind) => {
  describe("a handler's own calls", () => {
    test("get their caller's remaining time less a reserve, so that it can still answer degraded in time", async () => {
      const broker = await kind.start();
      const { caller } = await pair(broker, { quote: never });
      const front = openBus(broker, { service: "shop" });
      front.serve(shop, {
        async order(_, ctx) {
          const price = await ctx.to(pricing).quote(one).orElse({ cents: 7 });
          return `${price.status} ${"reason" in price ? price.reason : ""}`;
        },
      });
      await untilOpen(front);
      expect(await caller.to(shop).order(undefined, { timeout: 2_000 })).toMatchObject({
        status: "ok",
        value: "degraded timeout",
      });
    });

    test("get less time at every level", async () => {
      const broker = await kind.start();
      const left: number[] = [];
      const { caller } = await pair(broker, {
        ping: (_, ctx) => void left.push(ctx.remaining),
      });
      const front = openBus(broker, { service: "shop" });
      front.serve(shop, {
        async order(_, ctx) {
          left.push(ctx.remaining);
          await ctx.to(pricing).ping();
          return "done";
        },
      });
      await untilOpen(front);
      await caller.to(shop).order(undefined, { timeout: 1_000 });
      const [outer = 0, inner = 0] = left;
      expect(outer).toBeGreaterThan(0);
      expect(outer).toBeLessThanOrEqual(1_000);
      expect(inner).toBeGreaterThan(0);
      expect(inner).toBeLessThanOrEqual(Math.ceil(outer * 0.9));
    });

    test("tell the callee who calls", async () => {
      const from: unknown[] = [];
      const { caller, prices } = await pair(await kind.start(), {
        ping: (_, ctx) => void from.push(ctx.from, ctx.address),
      });
      await prices.ping();
      expect(from).toEqual([`caller/${caller.status.instance}`, "pricing.ping"]);
    });
  });

  describe("a handler's signal", () => {
    const signalled = () => {
      const begun = gate();
      const aborted: unknown[] = [];
      const quote = (_: unknown, ctx: { readonly signal: AbortSignal }) => {
        ctx.signal.addEventListener("abort", () => aborted.push(ctx.signal.reason));
        begun.open();
        return never();
      };
      return { begun, aborted, quote };
    };

    test("aborts when its caller's deadline has passed", async () => {
      const { aborted, quote } = signalled();
      const { prices } = await pair(await kind.start(), { quote });
      await prices.quote(one, { timeout: 100 });
      await until("it aborts", () => aborted.length > 0);
      expect(aborted).toMatchObject([{ name: "TimeoutError" }]);
    });

    test("aborts when its caller cancels (F14)", async () => {
      const { begun, aborted, quote } = signalled();
      const { prices } = await pair(await kind.start(), { quote });
      const controller = new AbortController();
      const answer = prices.quote(one, { signal: controller.signal });
      await begun.passed;
      controller.abort();
      await until("it aborts", () => aborted.length > 0);
      expect(aborted).toMatchObject([{ name: "AbortError" }]);
      expect(await answer).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    });

    test("does not abort early for a timeout longer than any timer", async () => {
      const broker = await kind.start();
      const { begun, aborted, quote } = signalled();
      const service = await serving(broker, { quote });
      const client = await plainClient(broker);
      const headers = withHeaders({ "Muove-Timeout": "3000000000" });
      client.publish("muove.pricing.quote", JSON.stringify(one), { reply: "_INBOX.nobody", ...headers });
      await begun.passed;
      for (let turns = 0; turns < 20; turns++) await client.flush(); // A timer that is due has fired by then.
      expect(aborted).toEqual([]);
      expect(service.status.counts.overdue).toBe(0);
    });
  });

  describe("bus.within", () => {
    test("bounds all its calls together", async () => {
      const { caller } = await pair(await kind.start(), { quote: never });
      const within = caller.within({ timeout: 200 });
      expect(await within.to(pricing).quote(one)).toMatchObject({ reason: "timeout" });
      expect(within.remaining).toBeLessThan(100);
      await until("the budget is spent", () => within.remaining === 0);
      expect(await within.to(pricing).ping()).toMatchObject({ reason: "expired", delivered: "no" });
    });

    test("cancels all its calls together", async () => {
      const { caller } = await pair(await kind.start(), { quote: never, echo: never });
      const controller = new AbortController();
      const prices = caller.within({ signal: controller.signal }).to(pricing);
      const answers = [prices.quote(one), prices.echo(1)];
      controller.abort();
      for (const outcome of await Promise.all(answers)) expect(outcome).toMatchObject({ reason: "cancelled" });
      expect(await prices.ping()).toMatchObject({ reason: "cancelled", delivered: "no" });
    });

    test("throws for wrong options", async () => {
      const caller = await connected(await kind.start());
      expect(() => caller.within({ timeout: -1, deadline: 5 } as never)).toThrow(/timeout must.*\n.*"deadline" is not/);
    });
  });

  describe("close()", () => {
    test("resolves after running handlers have finished and their answers are sent", async () => {
      const [begun, end] = [gate(), gate()];
      const { service, prices } = await pair(await kind.start(), {
        quote: async () => {
          begun.open();
          await end.passed;
          return { cents: 5 };
        },
      });
      const answer = prices.quote(one);
      await begun.passed;
      const closed = service.close();
      await until("it drains", () => service.status.mailboxes[0]?.state === "draining");
      end.open();
      expect(await answer).toMatchObject({ status: "ok", value: { cents: 5 } });
      await closed;
      expect(service.status).toMatchObject({ connection: { state: "closed" }, mailboxes: [{ state: "closed" }] });
    });

    test("lets handlers call others while they finish", async () => {
      const broker = await kind.start();
      const [begun, end] = [gate(), gate()];
      const { caller } = await pair(broker);
      const front = openBus(broker, { service: "shop" });
      front.serve(shop, {
        async order(_, ctx) {
          begun.open();
          await end.passed;
          return (await ctx.to(pricing).quote(one)).status;
        },
      });
      await untilOpen(front);
      const answer = caller.to(shop).order();
      await begun.passed;
      const closed = front.close();
      end.open();
      expect(await answer).toMatchObject({ status: "ok", value: "ok" });
      await closed;
    });

    test("loses no call: those that arrive meanwhile are answered by this instance or another", async () => {
      const broker = await kind.start();
      const { service, prices } = await pair(broker, { quote: async () => ({ cents: 1 }) });
      await serving(broker, { quote: async () => ({ cents: 2 }) });
      const answers = Array.from({ length: 200 }, () => prices.quote(one));
      const closed = service.close();
      for (let i = 0; i < 200; i++) answers.push(prices.quote(one));
      const outcomes = await Promise.all(answers);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["ok"]));
      await closed;
    });

    test("RECEIVER-1 refuses calls in flight, so that they are sent again and another instance answers", async () => {
      const broker = await kind.start();
      const relay = await holdingRelay(broker.port);
      const service = await serving({ ...broker, url: relay.url });
      const prices = (await connected(broker)).to(pricing);
      relay.hold();
      const answers = Array.from({ length: 20 }, () => prices.count());
      await until("all are on their way", () => relay.held === 20);
      await serving(broker, { count: () => 2 });
      const closed = service.close();
      relay.letGo();
      for (const outcome of await Promise.all(answers)) expect(outcome).toMatchObject({ status: "ok", value: 2 });
      expect(service.status.counts.received).toBe(20);
      await closed;
    });

    test("waits no longer than its timeout for a handler that never ends", async () => {
      const begun = gate();
      const { service, prices } = await pair(await kind.start(), {
        quote: () => {
          begun.open();
          return never();
        },
      });
      const answer = prices.quote(one, { timeout: 100 });
      await begun.passed;
      const started = performance.now();
      await service.close({ timeout: 50 });
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(await answer).toMatchObject({ status: "unavailable" });
    });

    test("may be called again, emits closed once, and leaves a bus whose calls still resolve", async () => {
      const bus = await connected(await kind.start());
      const closed = vi.fn();
      bus.on("closed", closed);
      await Promise.all([bus.close(), bus.close()]);
      await bus.close();
      expect(closed).toHaveBeenCalledOnce();
      expect(await bus.to(pricing).ping()).toMatchObject({ reason: "unreachable", delivered: "no" });
      expect(bus.to(pricing).repriced({ sku: "a" })).toMatchObject({ status: "unsent" });
      expect(() => bus.serve(shop, { order: () => "" })).toThrow(/this bus is closing/);
    });
  });

  describe("serve()", () => {
    test("spreads calls over the instances of a service", async () => {
      const broker = await kind.start();
      const { caller } = await pair(broker, { count: () => 1 });
      await serving(broker, { count: () => 2 });
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => caller.to(pricing).count()));
      const values = outcomes.map((outcome) => (outcome.status === "ok" ? outcome.value : 0));
      expect(new Set(values)).toEqual(new Set([1, 2]));
    });

    test("takes an object with its own state as handlers", async () => {
      const broker = await kind.start();
      class Shop {
        orders = 0;
        order(): string {
          this.orders++;
          return `order ${this.orders}`;
        }
      }
      const bus = await connected(broker);
      bus.serve(shop, new Shop());
      await untilOpen(bus);
      expect(await bus.to(shop).order()).toMatchObject({ value: "order 1" });
      expect(await bus.to(shop).order()).toMatchObject({ value: "order 2" });
    });

    test("throws for missing and unknown handlers, and for a mailbox that is already served", async () => {
      const bus = await connected(await kind.start());
      expect(() => bus.serve(shop, { ordre: () => "" } as never)).toThrow(
        /shop\.order needs a handler.*\n.*"ordre" is not a message/,
      );
      expect(() => bus.serve(shop, undefined as never)).toThrow(/handlers/);
      bus.serve(shop, { order: () => "" });
      expect(() => bus.serve(shop, { order: () => "" })).toThrow(/already served by this bus/);
    });
  });
});
