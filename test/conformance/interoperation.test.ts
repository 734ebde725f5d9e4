// Whom a mailbox can talk to: buses of either encoding, and clients that do not know Muove.

import { unpack } from "msgpackr";
import { describe, expect, test, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { RawClient } from "../support/raw-client.js";
import { until } from "../support/until.js";
import { connected, gate, pair, serving } from "./support/buses.js";
import { answering, plainClient, serviceError, withHeaders } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const json = JSON.stringify(one);
/** `one` as every MessagePack library writes it. */
const messagePack = Buffer.from([
  0x82,
  0xa3,
  ...Buffer.from("sku"),
  0xa1,
  0x61,
  0xa8,
  ...Buffer.from("quantity"),
  0x01,
]);

describeOnEachBroker((kind) => {
  describe("a JSON bus and a MessagePack bus", () => {
    test.each([
      ["json", "msgpack"],
      ["msgpack", "json"],
      ["json", "json"],
    ] as const)("understand each other: %s calls %s", async (calling, called) => {
      const broker = await kind.start();
      const repriced = vi.fn();
      await serving(
        broker,
        { quote: ({ sku }, ctx) => (sku === "gone" ? ctx.fail("GONE") : { cents: 5 }), repriced },
        { encoding: called },
      );
      const prices = (await connected(broker, { encoding: calling })).to(pricing);
      expect(await prices.quote(one)).toMatchObject({ status: "ok", value: { cents: 5 } });
      expect(await prices.quote({ sku: "gone", quantity: 1 })).toMatchObject({
        status: "failed",
        error: { code: "GONE" },
      });
      expect(await prices.ping()).toMatchObject({ status: "ok", value: undefined });
      expect(await prices.count()).toMatchObject({ status: "ok", value: 1 });
      expect(await prices.echo({ a: [1, null, "é", { b: -0.5 }] })).toMatchObject({
        value: { a: [1, null, "é", { b: -0.5 }] },
      });
      prices.repriced({ sku: "a" });
      await until("the cast is handled", () => repriced.mock.calls.length === 1);
    });

    test.each([0, 5, 127, 128, -1, "", false, null, []])(
      "carry %j at the top level in either encoding",
      async (value) => {
        const broker = await kind.start();
        await serving(broker);
        for (const encoding of ["json", "msgpack"] as const) {
          const prices = (await connected(broker, { encoding })).to(pricing);
          expect(await prices.echo(value)).toMatchObject({ status: "ok", value });
        }
      },
    );
  });

  describe("an official client without Muove that calls", () => {
    test("gets JSON for JSON: `nats req muove.pricing.quote '{…}'` just works", async () => {
      const broker = await kind.start();
      await serving(broker);
      const reply = await (await plainClient(broker)).request("muove.pricing.quote", json);
      expect(reply.string()).toBe('{"cents":100}');
      expect(reply.headers).toBeUndefined();
    });

    test("gets MessagePack for MessagePack", async () => {
      const broker = await kind.start();
      await serving(broker);
      const reply = await (await plainClient(broker)).request("muove.pricing.quote", messagePack);
      expect(unpack(reply.data)).toEqual({ cents: 100 });
    });

    test("gets JSON for an empty payload, and an empty payload where the contract has no output", async () => {
      const broker = await kind.start();
      await serving(broker);
      const client = await plainClient(broker);
      expect((await client.request("muove.pricing.count")).string()).toBe("1");
      expect((await client.request("muove.pricing.ping")).data).toHaveLength(0);
    });

    test("gets a declared error as an error of the NATS service API", async () => {
      const broker = await kind.start();
      await serving(broker, { quote: (_, ctx) => ctx.fail("SOLD_OUT", { until: "May" }) });
      const reply = await (await plainClient(broker)).request("muove.pricing.quote", json);
      expect(reply.json()).toEqual({ until: "May" });
      expect(serviceError(reply)).toEqual({ status: "failed", error: "pricing.quote answered SOLD_OUT", code: "422" });
      expect(reply.headers?.get("Muove-Code")).toBe("SOLD_OUT");
    });

    test.each([
      ["text that is not JSON", "{"],
      ["bytes of neither encoding", new Uint8Array([0xc1])],
      ["truncated MessagePack", messagePack.subarray(0, 9)],
      ["a hostile extension", new Uint8Array([0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61])],
      ["a key that could change a prototype", '{"__proto__":{"polluted":1},"sku":"a","quantity":1}'],
      ["the wrong types", '{"sku":1,"quantity":"1"}'],
      ["an empty payload where input is required", ""],
      ["very deep JSON", "[".repeat(10_000)],
    ])("gets an error with issues for %s, and the service lives (F8)", async (_, payload) => {
      const broker = await kind.start();
      const service = await serving(broker);
      const client = await plainClient(broker);
      const reply = await client.request("muove.pricing.quote", payload);
      expect(serviceError(reply)).toMatchObject({ status: "rejected", code: "400" });
      expect(serviceError(reply).error).toMatch(/^pricing\.quote: ./);
      const body = reply.data[0] === 0x7b ? reply.json() : unpack(reply.data);
      expect(body).toMatchObject({
        issues: expect.arrayContaining([{ message: expect.any(String), path: expect.any(Array) }]),
      });
      expect(Object.prototype).not.toHaveProperty("polluted");
      expect((await client.request("muove.pricing.quote", json)).string()).toBe('{"cents":100}');
      expect(service.status.counts).toMatchObject({ rejected: 1, crashed: 0 });
    });

    test("gets an answer whatever its headers say (F8)", async () => {
      const broker = await kind.start();
      await serving(broker);
      const client = await plainClient(broker);
      const odd = { "Muove-Timeout": "-1", "Muove-Clock": "x", "Muove-From": "\u0001", traceparent: "00" };
      const reply = await client.request("muove.pricing.quote", json, { timeout: 2_000, ...withHeaders(odd) });
      expect(reply.string()).toBe('{"cents":100}');
    });

    test("without a reply subject has its call handled", async () => {
      const broker = await kind.start();
      const handled = gate();
      const service = await serving(broker, {
        quote: () => {
          handled.open();
          return { cents: 1 };
        },
      });
      (await plainClient(broker)).publish("muove.pricing.quote", json);
      await handled.passed;
      expect(service.status.counts).toMatchObject({ received: 1, crashed: 0, rejected: 0 });
    });

    test("has no known sender", async () => {
      const broker = await kind.start();
      const from: unknown[] = [];
      await serving(broker, { ping: (_, ctx) => void from.push(ctx.from) });
      await (await plainClient(broker)).request("muove.pricing.ping");
      expect(from).toEqual([undefined]);
    });

    test("gets no answer to a cast", async () => {
      const broker = await kind.start();
      const repriced = vi.fn();
      await serving(broker, { repriced });
      const client = await plainClient(broker);
      const replies = vi.fn();
      client.subscribe("replies", { callback: replies });
      client.publish("muove.pricing.repriced", json, { reply: "replies" });
      await until("it is handled", () => repriced.mock.calls.length === 1);
      await client.flush();
      expect(replies).not.toHaveBeenCalled();
    });
  });

  describe("an official client without Muove that answers", () => {
    test("may answer in JSON, whatever the caller writes", async () => {
      const broker = await kind.start();
      const requests = await answering(await plainClient(broker), "muove.pricing.quote", '{"cents":9}');
      for (const encoding of ["msgpack", "json"] as const) {
        const prices = (await connected(broker, { encoding })).to(pricing);
        expect(await prices.quote(one)).toMatchObject({ status: "ok", value: { cents: 9 } });
      }
      expect(unpack(requests[0]?.data ?? new Uint8Array())).toEqual(one);
      expect(requests[1]?.json()).toEqual(one);
    });

    test("shares calls with Muove's instances instead of doubling them", async () => {
      const broker = await kind.start();
      const { service, caller } = await pair(broker);
      const requests = await answering(await plainClient(broker), "muove.pricing.count", "2");
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => caller.to(pricing).count()));
      expect(outcomes.every(({ status }) => status === "ok")).toBe(true);
      expect(requests.length).toBeGreaterThan(0);
      expect(requests.length + service.status.counts.received).toBe(100);
    });
  });

  describe("a peer that can send bytes to the server", () => {
    const connect = 'CONNECT {"verbose":false,"pedantic":false,"lang":"raw","version":"0","headers":true}\r\n';

    test("cannot break a service's connection with a reply subject that has a CR, nor inject a line into it", async () => {
      const broker = await kind.start();
      const { service, caller } = await pair(broker);
      const lost = vi.fn();
      service.on("disconnected", lost);
      const { instance } = service.status;
      const raw = await RawClient.open(Number(new URL(broker.url).port));
      raw.send(`${connect}SUB > 1\r\n`);
      const count = 50;
      for (let i = 0; i < count; i++) {
        // One at a time, as the server misreads such a line when it arrives in two pieces.
        expect(await raw.fence({ after: `PUB muove.pricing.count _IN\rBOX${i} 0\r\n\r\n` })).toBe(true);
        expect(await raw.fence({ after: `PUB muove.pricing._i.${instance}.a\rb 0\r\n\r\n` })).toBe(true);
      }
      await until("all of them have come", () => service.status.counts.received === 2 * count);
      expect(await caller.to(pricing).count()).toMatchObject({ status: "ok", value: 1 });
      expect(await raw.fence()).toBe(true);
      expect(raw.frames.filter(({ line }) => line.startsWith("MSG _IN\r"))).toEqual([]);
      expect(lost).not.toHaveBeenCalled();
      expect(service.status.counts.rejected).toBe(count); // The instance has no such messages as "a\rb".
      await raw.close();
    });
  });

  describe("a prefix", () => {
    test("keeps two systems on one NATS apart", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { prefix: "blue.1" });
      const [blue, plain] = [await connected(broker, { prefix: "blue.1" }), await connected(broker)];
      expect(await blue.to(pricing).count()).toMatchObject({ status: "ok" });
      expect(await plain.to(pricing).count()).toMatchObject({ reason: "absent" });
      expect((await (await plainClient(broker)).request("blue.1.muove.pricing.count")).string()).toBe("1");
    });
  });
});
