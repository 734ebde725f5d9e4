// Mailboxes that handle the messages of one key one at a time (docs/protocol.md, H-6), over TCP.

import { setTimeout as sleep } from "node:timers/promises";
import { type Bus, call, cast, InvalidInput, InvalidOptions, mailbox, type ServeOptions } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";
import { plainClient, withHeaders } from "./support/plain.js";

const ledger = mailbox("ledger", {
  set: call({ input: z.int(), output: z.int(), timeout: 10_000 }),
  note: cast({ input: z.int() }),
  look: call({ output: z.string(), timeout: 10_000 }),
});

type Options = ServeOptions<"set" | "note" | "look">;

/** Notes who begins and ends, by key. Earlier numbers take longer, so that whoever runs side by side ends the other way. */
async function books(broker: Broker, options: Options, work: (n: number) => Promise<unknown> = slower) {
  const [service, caller] = [openBus(broker, { service: "ledger" }), await connected(broker)];
  const notes: string[] = [];
  const enter = async (n: number, key = "none"): Promise<number> => {
    notes.push(`${key}: ${n} begins`);
    await work(n);
    notes.push(`${key}: ${n} ends`);
    return n;
  };
  service.serve(
    ledger,
    {
      set: (n, ctx) => enter(n, ctx.key),
      note: async (n, ctx) => void (await enter(n, ctx.key)),
      look: (_, ctx) => `${ctx.key}`,
    },
    options,
  );
  await untilOpen(service);
  return { service, caller, notes };
}

const slower = (n: number): Promise<void> => sleep(Math.max(0, 8 - n));

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const inTurn = (key: string, count: number): string[] =>
  numbers(count).flatMap((n) => [`${key}: ${n} begins`, `${key}: ${n} ends`]);

const of = (key: string, notes: readonly string[]): string[] => notes.filter((note) => note.startsWith(`${key}: `));

const work = (bus: Bus) => bus.status.mailboxes[0];

describeOnEachBroker((kind) => {
  describe("messages of one key", () => {
    test.each(["calls", "casts"])("are handled one at a time, in the order of arrival: %s", async (what) => {
      const { caller, notes } = await books(await kind.start(), { serialByKey: true });
      const keys = ["a", "b", "ключ %"];
      await caller.to(ledger, { key: "a" }).look();
      for (const n of numbers(8)) {
        for (const key of keys) {
          const to = caller.to(ledger, { key });
          if (what === "calls") void to.set(n);
          else to.note(n);
        }
      }
      await until("all are handled", () => notes.length === 2 * 8 * keys.length);
      for (const key of keys) expect(of(key, notes)).toEqual(inTurn(key, 8));
    });

    test("run side by side if the mailbox does not say so, and each handler reads its key", async () => {
      const { caller, notes } = await books(await kind.start(), {});
      const to = caller.to(ledger, { key: 7 });
      expect(await to.look().orThrow()).toBe("7");
      expect(await caller.to(ledger).look().orThrow()).toBe("undefined");
      await Promise.all(numbers(3).map((n) => to.set(n)));
      expect(notes.slice(0, 3)).toEqual(["7: 0 begins", "7: 1 begins", "7: 2 begins"]);
    });

    test("share a line if their messages are listed, and others pass them", async () => {
      const end = gate();
      const { caller, notes, service } = await books(
        await kind.start(),
        { serialByKey: ["set", "note"] },
        () => end.passed,
      );
      const to = caller.to(ledger, { key: "a" });
      expect(await to.look().orThrow()).toBe("a");
      const first = to.set(0);
      to.note(1);
      await until("one runs, and one waits", () => work(service)?.running === 1 && work(service)?.waiting === 1);
      expect(await to.look()).toMatchObject({ status: "ok" });
      expect(notes).toEqual(["a: 0 begins"]);
      end.open();
      await first;
      await until("both are handled", () => notes.length === 4);
      expect(notes).toEqual(inTurn("a", 2));
    });

    test("hold up no other key, and nothing without one, however many of them wait", async () => {
      const end = gate();
      const { caller, service, notes } = await books(
        await kind.start(),
        { serialByKey: true, concurrency: 2, backlog: 100 },
        (n) => (n < 100 ? end.passed : Promise.resolve()),
      );
      const busy = caller.to(ledger, { key: "busy" });
      await busy.look();
      const flood = numbers(80).map((n) => busy.set(n));
      await until("they wait", () => work(service)?.waiting === 50);
      const others = [caller.to(ledger, { key: "other" }), caller.to(ledger)];
      for (const other of others) expect(await other.set(100)).toMatchObject({ status: "ok" });
      expect(notes.filter((note) => note.endsWith("begins"))).toHaveLength(3);
      end.open();
      const outcomes = await Promise.all(flood);
      expect(outcomes.filter(({ status }) => status === "ok")).toHaveLength(51);
      expect(outcomes.slice(51).map((outcome) => "reason" in outcome && outcome.reason)).toEqual(
        Array.from({ length: 29 }, () => "overloaded"),
      );
    });

    test("that could not be answered in time are refused at once, and those of others are not (BACKLOG-2)", async () => {
      const { caller, service } = await books(await kind.start(), { serialByKey: true }, () => sleep(40));
      const to = caller.to(ledger, { key: "a" });
      for (const n of numbers(3)) await to.set(n); // So that it knows how long a turn takes.
      const waiting = numbers(20).map((n) => to.set(n));
      await until("they wait", () => work(service)?.waiting === 19);
      expect(await to.set(99, { timeout: 500 })).toMatchObject({ reason: "overloaded", delivered: "no" });
      expect(await caller.to(ledger, { key: "b" }).set(1, { timeout: 500 })).toMatchObject({ status: "ok" });
      for (const { status } of await Promise.all(waiting)) expect(status).toBe("ok");
    });

    test("that are cancelled or expire in their line never run, and the next one has their turn", async () => {
      const end = gate();
      const { caller, service, notes } = await books(await kind.start(), { serialByKey: true }, () => end.passed);
      const to = caller.to(ledger, { key: "a" });
      await to.look();
      const first = to.set(0);
      const controller = new AbortController();
      const cancelled = to.set(1, { signal: controller.signal });
      const timeout = 50;
      const late = to.set(2, { timeout });
      const last = to.set(3);
      await until("three wait", () => work(service)?.waiting === 3);
      const over = performance.now() + timeout;
      controller.abort();
      expect(await cancelled).toMatchObject({ reason: "cancelled" });
      expect(await late).toMatchObject({ reason: "timeout" });
      await until("it has expired here, too", () => performance.now() > over && work(service)?.waiting === 2);
      end.open();
      for (const { status } of await Promise.all([first, last])) expect(status).toBe("ok");
      expect(notes).toEqual(["a: 0 begins", "a: 0 ends", "a: 3 begins", "a: 3 ends"]);
      expect(service.status.counts.expired).toBe(1);
    });

    test("do not wait for ever for one that hangs: it loses its turn with its slot", async () => {
      const { caller, notes } = await books(await kind.start(), { serialByKey: true, handlerTimeout: 50 }, (n) =>
        n === 0 ? new Promise(() => {}) : Promise.resolve(),
      );
      const to = caller.to(ledger, { key: "a" });
      to.note(0);
      to.note(1);
      await until("the second is handled", () => notes.length === 3);
      expect(notes).toEqual(["a: 0 begins", "a: 1 begins", "a: 1 ends"]);
    });

    test("are all handled when the mailbox drains", async () => {
      const { caller, service, notes } = await books(await kind.start(), { serialByKey: true });
      const to = caller.to(ledger, { key: "a" });
      await to.look();
      const answers = numbers(8).map((n) => to.set(n));
      await until("they are there", () => work(service)?.waiting === 7);
      await service.close();
      for (const { status } of await Promise.all(answers)) expect(status).toBe("ok");
      expect(notes).toEqual(inTurn("a", 8));
    });
  });

  test("a key takes 1 to 256 bytes, and a header that holds none counts as missing", async () => {
    const broker = await kind.start();
    const { caller, service, notes } = await books(broker, { serialByKey: true });
    const plain = await plainClient(broker);
    for (const header of ["%", "a b", "x".repeat(257)]) {
      const options = { ...withHeaders({ "Muove-Key": header }), timeout: 5_000 };
      expect((await plain.request("muove.ledger.look", "", options)).json()).toBe("undefined");
    }
    expect(() => caller.to(ledger, { key: "€".repeat(86) })).toThrow(InvalidInput);
    expect(await caller.to(ledger, { key: "€".repeat(85) }).set(1)).toMatchObject({ status: "ok" });
    expect(notes[0]).toBe(`${"€".repeat(85)}: 1 begins`);
    expect(work(service)).toMatchObject({ waiting: 0, running: 0 });
  });

  test("what is not handled cannot be listed", async () => {
    const bus = openBus(await kind.start());
    const handlers = { set: (n: number) => n, note() {}, look: () => "" };
    // @ts-expect-error no such message
    expect(() => bus.serve(ledger, handlers, { serialByKey: ["sett"] })).toThrow(
      'serialByKey has "sett", which ledger does not handle: it handles set, note, look',
    );
    // @ts-expect-error no list
    expect(() => bus.serve(ledger, handlers, { serialByKey: "set" })).toThrow(InvalidOptions);
  });
});
