// Messages to all instances (docs/protocol.md, S-7 and R-10), over TCP.

import { type Bus, call, type InstanceOutcome, InvalidInput, InvalidOptions, mailbox, TooLarge } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, serving } from "./support/buses.js";
import { plainClient, withHeaders } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const idOf = ({ status: { instance } }: Bus): string => instance;
const never = () => new Promise<never>(() => {});

async function all<T, E>(gathered: AsyncIterable<InstanceOutcome<T, E>>): Promise<InstanceOutcome<T, E>[]> {
  const entries: InstanceOutcome<T, E>[] = [];
  for await (const entry of gathered) entries.push(entry);
  return entries;
}

/** The outcome of each instance, in short. */
const reasons = (entries: readonly InstanceOutcome<unknown, unknown>[]): Record<string, string> =>
  Object.fromEntries(
    entries.map(({ instance, outcome }) => [
      String(instance),
      outcome.status === "unavailable" || outcome.status === "faulty"
        ? `${outcome.reason}/${outcome.delivered}`
        : outcome.status,
    ]),
  );

describeOnEachBroker((kind) => {
  describe("a call to everyone", () => {
    test("has an outcome and a sender for each instance, and ends when all have answered", async () => {
      const broker = await kind.start();
      const services = [
        await serving(broker, { quote: () => ({ cents: 1 }) }),
        await serving(broker, { quote: (_, ctx) => ctx.fail("SOLD_OUT", { until: "May" }) }),
        await serving(broker, {
          quote: () => {
            throw new Error("boom");
          },
        }),
      ];
      const caller = await connected(broker);
      const started = performance.now();
      const entries = await all(caller.toAll(pricing).quote(one));
      expect(performance.now() - started).toBeLessThan(2_000); // Its deadline is 5 s.
      const [ok, failed, crashed] = services.map(idOf);
      expect(reasons(entries)).toEqual({ [`${ok}`]: "ok", [`${failed}`]: "failed", [`${crashed}`]: "crashed/yes" });
      expect(new Set(entries.map(({ service }) => service))).toEqual(new Set(["pricing"]));
      for (const { outcome } of entries) {
        if (outcome.status === "ok") expect(outcome.value).toEqual({ cents: 1 });
        if (outcome.status === "failed") expect(outcome.error).toEqual({ code: "SOLD_OUT", data: { until: "May" } });
      }
    });

    test("may be made within a budget and from a handler", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      expect(reasons(await all(caller.within({ timeout: 5_000 }).toAll(pricing).ping()))).toEqual({
        [idOf(service)]: "ok",
      });
      const via = mailbox("via", { ask: call({ output: z.int(), timeout: 5_000 }) });
      caller.serve(via, { ask: async (_, ctx) => (await all(ctx.toAll(pricing).ping())).length });
      expect(await caller.to(via).ask()).toMatchObject({ value: 1 });
    });

    test("yields answers as they come, and a timeout for each known instance that has not answered by the deadline", async () => {
      const broker = await kind.start();
      const [quick, slow] = [await serving(broker), await serving(broker, { ping: never })];
      const caller = await connected(broker);
      using monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const started = performance.now();
      const came: [string | undefined, number][] = [];
      const entries: InstanceOutcome<undefined>[] = [];
      for await (const entry of caller.toAll(pricing).ping(undefined, { timeout: 400 })) {
        came.push([entry.instance, performance.now() - started]);
        entries.push(entry as InstanceOutcome<undefined>);
      }
      expect(came.map(([instance]) => instance)).toEqual([idOf(quick), idOf(slow)]);
      expect(came[0]?.[1]).toBeLessThan(300);
      expect(came[1]?.[1]).toBeGreaterThanOrEqual(399);
      expect(reasons(entries)).toEqual({ [idOf(quick)]: "ok", [idOf(slow)]: "timeout/maybe" });
    });

    test("is unknown-message from an instance that does not know it", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      const newer = mailbox("pricing", { refund: call() });
      expect(reasons(await all(caller.toAll(newer).refund()))).toEqual({ [idOf(service)]: "unknown-message/no" });
    });

    test("is answered by an instance that drains meanwhile", async () => {
      const broker = await kind.start();
      const [busy, free] = [gate(), gate()];
      const leaving = await serving(broker, {
        async ping() {
          busy.open();
          await free.passed;
        },
      });
      const caller = await connected(broker);
      const gathered = caller.toAll(pricing).ping();
      await busy.passed;
      const closed = leaving.close();
      free.open();
      expect(reasons(await all(gathered))).toEqual({ [idOf(leaving)]: "ok" });
      await closed;
    });

    test("is absent, without an instance, when nobody is there", async () => {
      const caller = await connected(await kind.start());
      const entries = await all(caller.toAll(pricing).quote(one));
      expect(entries).toMatchObject([
        { instance: undefined, service: undefined, outcome: { reason: "absent", address: "pricing.quote@*" } },
      ]);
    });

    test("is unreachable once without a connection, and for each known instance when it is lost", async () => {
      const away = openBus({ url: "127.0.0.1:1" });
      expect(reasons(await all(away.toAll(pricing).quote(one)))).toEqual({ undefined: "unreachable/no" });
      const broker = await kind.start();
      const started = gate();
      const service = await serving(broker, {
        ping() {
          started.open();
          return never();
        },
      });
      const caller = await connected(broker);
      using monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const gathered = caller.toAll(pricing).ping();
      await started.passed;
      await broker.kill();
      expect(reasons(await all(gathered))).toEqual({ [idOf(service)]: "unreachable/maybe" });
    });

    test("is expired, cancelled or forbidden, without an instance, when it is not sent", async () => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { publish: ["muove.pricing._all.*"] } }] });
      const caller = await connected(broker, { credentials: { user: "limited", pass: "limited" } });
      const everyone = caller.toAll(pricing);
      expect(reasons(await all(everyone.ping(undefined, { timeout: 0 })))).toEqual({ undefined: "expired/no" });
      const signal = AbortSignal.abort();
      expect(reasons(await all(everyone.ping(undefined, { signal })))).toEqual({ undefined: "cancelled/no" });
      expect(reasons(await all(everyone.ping()))).toEqual({ undefined: "forbidden/no" });
    });

    test("is cancelled by its signal and by leaving the loop early, and the handlers' signals abort", async () => {
      const broker = await kind.start();
      let aborted = 0;
      const quick = await serving(broker);
      const slow = await serving(broker, {
        ping: (_, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              aborted++;
              resolve();
            });
          }),
      });
      const caller = await connected(broker);
      using monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      for await (const { instance } of caller.toAll(pricing).ping()) {
        expect(instance).toBe(idOf(quick));
        break;
      }
      await until("the handler's signal aborts", () => aborted === 1);
      const abort = new AbortController();
      const entries: InstanceOutcome<undefined>[] = [];
      for await (const entry of caller.toAll(pricing).ping(undefined, { signal: abort.signal })) {
        entries.push(entry as InstanceOutcome<undefined>);
        abort.abort();
      }
      expect(reasons(entries)).toEqual({ [idOf(quick)]: "ok", [idOf(slow)]: "cancelled/maybe" });
      await until("the handler's signal aborts", () => aborted === 2);
      expect(caller.status.pending).toBe(0);
    });

    test("that nobody iterates leaves nothing behind", async () => {
      const broker = await kind.start();
      await serving(broker);
      await serving(broker, { ping: never });
      const caller = await connected(broker);
      for (let i = 0; i < 10; i++) caller.toAll(pricing).ping(undefined, { timeout: 100 });
      await until("all ended", () => caller.status.pending === 0);
    });

    test("takes one answer from each instance, however often it answers", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      client.subscribe("muove.pricing._all.quote", {
        callback(_, msg) {
          for (let i = 0; i < 3; i++) msg.respond('{"cents":1}', withHeaders({ "Muove-From": "pricing/impostor" }));
        },
      });
      await client.flush();
      const service = await serving(broker);
      const caller = await connected(broker);
      const entries = await all(caller.toAll(pricing).quote(one, { timeout: 500 }));
      expect(entries.map(({ instance }) => instance).sort()).toEqual([idOf(service), "impostor"].sort());
    });

    test("counts replies without a valid sender, and takes none of them", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      client.subscribe("muove.pricing._all.quote", {
        callback(_, msg) {
          for (const from of ["pricing", "a b/c", `pricing/${"x".repeat(65)}`, "/"]) {
            msg.respond('{"cents":1}', withHeaders({ "Muove-From": from }));
          }
          for (let i = 0; i < 996; i++) msg.respond('{"cents":1}');
          msg.respond('{"cents":2}', withHeaders({ "Muove-From": "pricing/one" }));
        },
      });
      await client.flush();
      const caller = await connected(broker);
      const entries = await all(caller.toAll(pricing).quote(one, { timeout: 300 }));
      expect(entries).toMatchObject([{ instance: "one", outcome: { value: { cents: 2 } } }]);
      expect(caller.status.counts.unsignedReplies).toBe(1_000);
    });

    test("keeps at most 16 MiB of answers that nobody reads, and reports the rest as reply-too-large", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      const text = "x".repeat(900_000);
      client.subscribe("muove.pricing._all._watch", { callback: () => {} }); // So the caller does not learn who is there.
      client.subscribe("muove.pricing._all.echo", {
        callback(_, msg) {
          for (let n = 0; n < 25; n++) msg.respond(`"${text}"`, withHeaders({ "Muove-From": `pricing/${n}` }));
        },
      });
      await client.flush();
      const caller = await connected(broker);
      const echoed = caller.toAll(pricing).echo("a", { timeout: 3_000 });
      await until("only the question who is there is pending", () => caller.status.pending === 1);
      const entries = await all(echoed);
      const [kept, letGo] = [entries.filter(({ outcome }) => outcome.status === "ok"), reasons(entries.slice(18))];
      expect(kept).toHaveLength(18);
      expect(new Set(Object.values(letGo))).toEqual(new Set(["reply-too-large/yes"]));
      expect(entries.at(-1)?.outcome).toMatchObject({ message: expect.stringMatching(/16 MiB of replies wait/) });
    });

    test("throws the caller's mistakes at once", async () => {
      const broker = await kind.start({ maxPayload: 2_048 });
      const caller = await connected(broker);
      const everyone = caller.toAll(pricing);
      expect(() => everyone.quote({ sku: 1 } as never)).toThrow(InvalidInput);
      expect(() => everyone.quote(one, { retries: 1 } as never)).toThrow(InvalidOptions);
      expect(() => everyone.echo("x".repeat(4_000))).toThrow(TooLarge);
      expect(() => caller.toAll("pricing" as never)).toThrow(InvalidOptions);
    });
  });

  test("a cast to everyone reaches every instance, and is a dead letter when nobody is there", async () => {
    const broker = await kind.start();
    const caller = await connected(broker);
    const dead: string[] = [];
    caller.on("deadLetter", ({ address, reason }) => dead.push(`${address} ${reason}`));
    caller.toAll(pricing).repriced({ sku: "tea" });
    await until("it is a dead letter", () => dead.length === 1);
    expect(dead).toEqual(["pricing.repriced@* absent"]);
    const got: number[] = [];
    for (const n of [1, 2, 3]) await serving(broker, { repriced: () => void got.push(n) });
    expect(caller.toAll(pricing).repriced({ sku: "tea" })).toEqual({ status: "sent" });
    await until("it has reached each", () => got.length === 3);
    expect(got.sort()).toEqual([1, 2, 3]);
  });
});
