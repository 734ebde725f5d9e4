// What values arrive as they were sent, and what is refused, and by whom. Clauses P-E, P-U, P-O, V-1 and V-3.

import { Packr } from "msgpackr";
import { call, cast, event, InvalidInput, InvalidOptions, mailbox } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, openBus, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";

const rich = z.object({
  big: z.bigint(),
  on: z.date(),
  photo: z.instanceof(Uint8Array),
  stock: z.map(z.string(), z.bigint()),
  tags: z.set(z.string()),
});
const loose = z.object({ must: z.any(), may: z.string().optional() });

const values = mailbox("values", {
  keep: call({ input: rich, output: rich, errors: { NO: rich }, timeout: 5_000 }),
  today: call({ output: z.object({ on: z.date() }), timeout: 5_000 }),
  dated: call({ input: z.string(), output: z.object({ on: z.date() }), timeout: 5_000 }),
  maybe: call({ input: z.boolean(), output: z.any(), timeout: 5_000 }),
  count: call({ input: z.number(), output: z.number(), timeout: 5_000 }),
  put: call({ input: z.object({ all: z.array(loose) }), output: z.any(), errors: { NO: loose }, timeout: 5_000 }),
  told: cast({ input: rich }),
  heard: event({ input: rich }),
  list: cast({ input: z.array(z.any()) }),
  happened: event({ input: loose }),
});

const value = (): z.infer<typeof rich> => ({
  big: -(2n ** 200n) - 1n,
  on: new Date(5),
  photo: Uint8Array.of(1, 2),
  stock: new Map([["tea", 2n ** 53n + 1n]]),
  tags: new Set(["a", "b"]),
});

describeOnEachBroker((kind) => {
  async function open() {
    const broker = await kind.start();
    const bus = openBus(broker, { service: "values" });
    const [told, ran, heard] = [vi.fn(), vi.fn(), vi.fn()];
    const { publish } = bus.serve(values, {
      keep: (input, ctx) => (input.tags.has("no") ? ctx.fail("NO", input) : input),
      today() {
        ran();
        return { on: new Date(5) };
      },
      dated: () => ({ on: new Date(5) }),
      maybe: (dated) => (dated ? new Date(5) : "5"),
      count: (number) => number,
      put: ({ all }, ctx) => (all[0]?.must === "fail" ? ctx.fail("NO", { must: undefined }) : all[0]?.must),
      told,
      list: told,
    });
    const listener = openBus(broker, { service: "listener" });
    listener.on(values.events.heard, heard);
    await untilOpen(bus);
    await until("it listens", () => listener.status.listeners.every(({ state }) => state === "open"));
    const caller = await connected(broker);
    return { broker, bus, publish, told, ran, heard, caller, client: caller.to(values) };
  }

  describe("bigints, dates, bytes, Maps and Sets", () => {
    test("arrive as they were sent: as input, output, data of an error, cast and event", async () => {
      const { client, publish, told, heard } = await open();
      expect(await client.keep(value())).toMatchObject({ status: "ok", value: value() });
      const no = { ...value(), tags: new Set(["no"]) };
      expect(await client.keep(no)).toMatchObject({ status: "failed", error: { code: "NO", data: no } });
      client.told(value());
      publish.heard(value());
      await until("both came", () => told.mock.calls.length + heard.mock.calls.length === 2);
      expect(told.mock.calls[0]?.[0]).toStrictEqual(value());
      expect(heard.mock.calls[0]?.[0]).toStrictEqual(value());
    });

    test("are refused by a JSON bus, before anything is sent, with their place", async () => {
      const { broker } = await open();
      const client = (await connected(broker, { encoding: "json" })).to(values);
      expect(() => client.keep(value())).toThrow(InvalidInput);
      expect(() => client.keep(value())).toThrow(/\.big: a bigint is MessagePack-only/);
      expect(() => client.told(value())).toThrow(/\.big: a bigint is MessagePack-only/);
    });

    test("in an answer, refuse a call in JSON before its handler runs", async () => {
      const { broker, ran } = await open();
      const nc = await plainClient(broker);
      const reply = await nc.request("muove.values.keep", "{}");
      expect(reply.headers?.get("Muove-Status")).toBe("rejected");
      const answer = "its answer can hold a date (on), which JSON cannot carry: send MessagePack";
      const today = await nc.request("muove.values.today", "null");
      expect(today.json()).toEqual({ issues: [{ message: answer, path: [] }] });
      expect(ran).not.toHaveBeenCalled();
    });

    test("in an answer, are a mistake of a bus that sends JSON, which learns of it before anything is sent", async () => {
      const { broker, bus } = await open();
      const client = (await connected(broker, { encoding: "json" })).to(values);
      expect(() => client.dated("a")).toThrow(InvalidOptions);
      expect(() => client.dated("a")).toThrow(/cannot carry the answer of values.dated, which can hold a date \(on\)/);
      expect(await client.today()).toMatchObject({ status: "ok", value: { on: new Date(5) } });
      expect(bus.status.counts).toMatchObject({ received: 1, rejected: 0 });
    });

    test("answer an empty call, which has no encoding, in MessagePack", async () => {
      const { broker, ran } = await open();
      const nc = await plainClient(broker);
      const reply = await nc.request("muove.values.today");
      expect(new Packr({ useRecords: false }).unpack(reply.data)).toEqual({ on: new Date(5) });
      expect(ran).toHaveBeenCalledOnce();
    });

    test("in an answer whose schema does not tell, are said to be the crash that they are", async () => {
      const { broker, bus } = await open();
      const errors: unknown[] = [];
      bus.on("crashed", ({ error }) => void errors.push(error));
      const client = (await connected(broker, { encoding: "json" })).to(values);
      expect(await client.maybe(false)).toMatchObject({ status: "ok", value: "5" });
      expect(await client.maybe(true)).toMatchObject({ status: "faulty", reason: "crashed" });
      expect(String(errors[0])).toContain("a date is MessagePack-only, and this message is JSON");
    });

    test("64-bit integers of other languages are numbers, and are refused where a number is not exact", async () => {
      const { broker } = await open();
      const nc = await plainClient(broker);
      const int64 = (integer: bigint) => {
        const payload = Buffer.alloc(9, 0xd3);
        payload.writeBigInt64BE(integer, 1);
        return nc.request("muove.values.count", payload);
      };
      expect(new Packr().unpack((await int64(-5n)).data)).toBe(-5);
      expect(new Packr().unpack((await int64(2n ** 60n)).data)).toBe(2 ** 60);
      const refused = await int64(2n ** 53n + 1n);
      expect(refused.headers?.get("Muove-Status")).toBe("rejected");
      expect(refused.headers?.get("Nats-Service-Error")).toContain("a number cannot hold exactly");
    });
  });

  describe("undefined", () => {
    test("as a key that is not required is left out", async () => {
      const { client } = await open();
      const input = { all: [{ must: { a: 1, b: undefined }, may: undefined }] };
      expect(await client.put(input)).toMatchObject({ status: "ok", value: { a: 1 } });
    });

    test("as a required key is refused by the sender of an input, a cast or an event", async () => {
      const { client, publish } = await open();
      for (const send of [
        () => client.put({ all: [{ must: undefined }] }),
        () => publish.happened({ must: undefined }),
      ]) {
        expect(send).toThrow(InvalidInput);
        expect(send).toThrow(/must: .*as it would arrive: undefined keys, getters and classes are not sent/);
      }
    });

    test("as an element is refused by the sender", async () => {
      const { client } = await open();
      expect(() => client.list([undefined])).toThrow(/\[0\]: undefined can only be left out as a key; send null/);
      expect(() => client.list([{ a: [[undefined]] }])).toThrow(/\[0\]\.a\[0\]\[0\]: undefined/);
    });

    test("as a required key of an error's data, or as an element of an output, is a crash that says so", async () => {
      const { bus, client } = await open();
      const errors: unknown[] = [];
      bus.on("crashed", ({ error }) => void errors.push(error));
      expect(await client.put({ all: [{ must: "fail" }] })).toMatchObject({ status: "faulty", reason: "crashed" });
      expect(String(errors[0])).toMatch(/data of NO, once undefined keys are left out, breaks the contract: must: /);
    });
  });

  describe("what the contract does not know", () => {
    const account = mailbox("account", {
      open: call({
        input: z.object({ name: z.string(), of: z.object({ city: z.string() }).optional() }),
        timeout: 5_000,
      }),
      close: call({ input: z.strictObject({ name: z.string() }), timeout: 5_000 }),
      note: cast({ input: z.object({ name: z.string() }) }),
      opened: event({ input: z.array(z.object({ name: z.string() })) }),
    });
    const secret = Object.freeze({ name: "a", passwordHash: "x", of: Object.freeze({ city: "b", secret: 1 }) });

    test("is not sent: in a call, a cast or an event; and nothing that was passed is changed", async () => {
      const broker = await kind.start();
      const nc = await plainClient(broker);
      const sent: unknown[] = [];
      nc.subscribe("muove.account.>", {
        callback: (_, { data }) => void sent.push(new Packr({ useRecords: false }).unpack(data)),
      });
      await nc.flush();
      const bus = await connected(broker, { service: "account" });
      const { publish } = bus.serve(account, { open: () => {}, close: () => {}, note: () => {} });
      await untilOpen(bus);
      const client = bus.to(account);
      await client.open(secret);
      client.note(secret);
      publish.opened([secret, secret]);
      await until("all came", () => sent.length >= 3);
      expect(sent.filter((payload) => payload !== null)).toEqual([
        { name: "a", of: { city: "b" } },
        { name: "a" },
        [{ name: "a" }, { name: "a" }],
      ]);
      expect(secret).toEqual({ name: "a", passwordHash: "x", of: { city: "b", secret: 1 } });
    });

    test("is still refused by a strict object", async () => {
      const client = (await connected(await kind.start())).to(account);
      expect(() => client.close({ name: "a", passwordHash: "x" } as never)).toThrow(/Unrecognized key/);
    });

    test("cannot make an input wrong: a function or a cycle beside known keys is not looked at", async () => {
      const broker = await kind.start();
      const bus = await connected(broker, { service: "account" });
      bus.serve(account, { open: () => {}, close: () => {}, note: () => {} });
      await untilOpen(bus);
      const entity = { name: "a", save: () => {}, self: undefined as unknown };
      entity.self = entity;
      expect(await bus.to(account).open(entity)).toMatchObject({ status: "ok" });
    });

    test("a getter of a class is not a key, which its sender learns", async () => {
      class Person {
        get name(): string {
          return "a";
        }
      }
      const client = (await connected(await kind.start())).to(account);
      expect(() => client.open(new Person())).toThrow(InvalidInput);
      expect(() => client.open(new Person())).toThrow(/name: .*getters and classes are not sent/);
    });
  });
});
