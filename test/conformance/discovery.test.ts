// The NATS service API (ADR-32 of NATS), clauses D-1 to D-6: how tools that do not know Muove see its mailboxes.

import { setTimeout as sleep } from "node:timers/promises";
import { Svcm } from "@nats-io/services";
import { type Bus, call, cast, event, mailbox } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { keptLog } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, serving, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";
import { type Answer, ask, askOne } from "./support/service-api.js";

const billing = mailbox("billing", { pay: call({ input: z.object({ cents: z.int() }), idempotent: true }) });

const statsOf = ({ endpoints }: Answer<"STATS">, name: string) => endpoints.find((endpoint) => endpoint.name === name);

async function collected<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}

async function client(broker: Broker) {
  const nats = await plainClient(broker);
  return { nats, services: new Svcm(nats).client({ strategy: "stall", maxWait: 2_000 }) };
}

describeOnEachBroker((kind) => {
  describe("the official client of the service API", () => {
    test("finds mailboxes: all, by name, and by name and instance", async () => {
      const broker = await kind.start();
      const [first, second] = [await serving(broker), await serving(broker)];
      first.serve(billing, { pay: () => {} });
      await untilOpen(first);
      const { services } = await client(broker);
      const instances = [first, second].map(({ status }) => status.instance).sort();
      const named = async (...of: [string?, string?]) =>
        (await collected(await services.ping(...of))).map(({ name, id }) => `${name} ${id}`).sort();
      const pricings = instances.map((id) => `pricing ${id}`);
      expect(await named()).toEqual([`billing ${first.status.instance}`, ...pricings]);
      expect(await named("pricing")).toEqual(pricings);
      expect(await named("pricing", second.status.instance)).toEqual([`pricing ${second.status.instance}`]);
      await expect(named("pricing", "another")).rejects.toThrow("no responders");
      await expect(named("another")).rejects.toThrow("no responders");
    });

    test("reads the INFO of a mailbox", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const { services } = await client(broker);
      const [info] = await collected(await services.info("pricing"));
      expect(info).toMatchObject({
        type: "io.nats.micro.v1.info_response",
        name: "pricing",
        id: service.status.instance,
        version: "1.2.0",
        description: "the mailbox pricing, served by pricing",
        metadata: { "muove.service": "pricing", "muove.protocol": "1", "muove.degraded": "false" },
      });
      expect(info?.endpoints.map(({ name, subject, queue_group }) => [name, subject, queue_group])).toEqual(
        Object.keys(pricing.messages).map((name) => [name, `muove.pricing.${name}`, "q"]),
      );
    });

    test("reads the statistics of a mailbox", async () => {
      const broker = await kind.start();
      await serving(broker);
      const { nats, services } = await client(broker);
      await nats.request("muove.pricing.quote", JSON.stringify(one));
      const [stats] = await collected(await services.stats("pricing"));
      expect(stats?.endpoints?.find(({ name }) => name === "quote")).toMatchObject({ num_requests: 1, num_errors: 0 });
    });
  });

  describe("an answer", () => {
    test("has exactly the fields of the specification", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      service.serve(billing, { pay: () => {} });
      await untilOpen(service);
      const nats = await plainClient(broker);
      for (const verb of ["PING", "INFO", "STATS"] as const) {
        for (const of of [[], ["pricing"], ["pricing", service.status.instance]]) {
          expect(await ask(nats, verb, ...of)).toHaveLength(of.length === 0 ? 2 : 1);
        }
      }
    });

    test("describes each message by its contract, with JSON Schemas of what is on the wire", async () => {
      const broker = await kind.start();
      await serving(broker);
      const { endpoints } = await askOne(await plainClient(broker), "INFO", "pricing");
      const of = (name: string) => endpoints.find((endpoint) => endpoint.name === name)?.metadata ?? {};
      const { "muove.input": input, "muove.output": output, "muove.error.SOLD_OUT": soldOut, ...quote } = of("quote");
      expect(quote).toEqual({
        "muove.kind": "call",
        "muove.timeout": "5000",
        "muove.idempotent": "false",
        "muove.errors": "SOLD_OUT,GONE",
        "muove.error.GONE": "void",
      });
      expect([input, output, soldOut].map((text) => JSON.parse(text ?? ""))).toMatchObject([
        {
          type: "object",
          properties: { quantity: { type: "integer", exclusiveMinimum: 0 } },
          required: ["sku", "quantity"],
        },
        { properties: { cents: { type: "integer" } } },
        { properties: { until: { type: "string" } } },
      ]);
      expect(of("ping")).toMatchObject({ "muove.input": "void", "muove.output": "void" });
      expect(of("flush")).toEqual({ "muove.kind": "cast", "muove.input": "void" });
    });

    test("names the events of the mailbox and the tags of the instance", async () => {
      const broker = await kind.start();
      const orders = mailbox("orders", {
        place: call(),
        placed: event({ input: z.object({ id: z.string() }) }),
        emptied: event(),
      });
      const service = openBus(broker, { service: "orders", tags: { zone: "a", region: "eu" } });
      service.serve(orders, { place: () => {} });
      await untilOpen(service);
      const { metadata, endpoints } = await askOne(await plainClient(broker), "INFO", "orders");
      expect(metadata).toEqual({
        "muove.service": "orders",
        "muove.protocol": "1",
        "muove.tag.region": "eu",
        "muove.tag.zone": "a",
        "muove.degraded": "false",
        "muove.events": "placed,emptied",
        "muove.event.placed": expect.stringContaining('"id"'),
        "muove.event.emptied": "void",
      });
      expect(endpoints.map(({ name }) => name)).toEqual(["place"]);
    });

    test("says whether the service is degraded now, and what is missing", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const nats = await plainClient(broker);
      const metadata = async () => (await askOne(nats, "PING", "pricing")).metadata;
      expect(await metadata()).toEqual({
        "muove.service": "pricing",
        "muove.protocol": "1",
        "muove.degraded": "false",
      });
      await service.to(billing).pay({ cents: 1 });
      expect(service.health.degraded).toBe(true);
      expect(await metadata()).toMatchObject({
        "muove.degraded": "true",
        "muove.missing": expect.stringMatching(/^billing\.pay absent since \d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      const biller = openBus(broker, { service: "billing" });
      biller.serve(billing, { pay: () => {} });
      await untilOpen(biller);
      await service.to(billing).pay({ cents: 1 });
      expect(await metadata()).toEqual({
        "muove.service": "pricing",
        "muove.protocol": "1",
        "muove.degraded": "false",
      });
    });

    test("that does not fit into a message leaves the schemas out, and says so", async () => {
      const broker = await kind.start({ maxPayload: 2_000 });
      await serving(broker);
      const info = await askOne(await plainClient(broker), "INFO", "pricing");
      expect(info.metadata["muove.schemas"]).toMatch(
        /^left out: with them this answer has \d{4} bytes, and the NATS server allows 2000$/,
      );
      expect(info.endpoints.map(({ metadata }) => Object.keys(metadata))).toContainEqual([
        "muove.kind",
        "muove.timeout",
        "muove.idempotent",
        "muove.errors",
      ]);
    });

    test("that is still too large is an error that says so", async () => {
      const broker = await kind.start({ maxPayload: 1_024 });
      await serving(broker);
      const reply = await (await plainClient(broker)).request("$SRV.INFO.pricing");
      expect(reply.headers?.get("Nats-Service-Error-Code")).toBe("507");
      expect(reply.headers?.get("Nats-Service-Error")).toMatch(
        /^answered with \d+ bytes and the NATS server allows 1024$/,
      );
    });

    test("of a bus with a prefix comes to the same questions, with the prefixed subjects", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { prefix: "blue.1" });
      const info = await askOne(await plainClient(broker), "INFO", "pricing");
      expect(info.metadata).toMatchObject({ "muove.prefix": "blue.1" });
      expect(info.endpoints[0]?.subject).toBe("blue.1.muove.pricing.quote");
    });
  });

  describe("statistics", () => {
    const odd = mailbox("odd", {
      work: call({
        input: z.object({ how: z.string() }),
        output: z.string(),
        errors: { NO: z.undefined() },
        timeout: 5_000,
      }),
      take: cast({ input: z.string() }),
    });

    async function serveOdd(broker: Broker, entered = () => {}): Promise<{ service: Bus; stop(): void }> {
      const held = gate();
      const service = openBus(broker, { service: "odd" });
      service.serve(
        odd,
        {
          async work({ how }, ctx) {
            if (how === "hold") {
              entered();
              await held.passed;
            }
            if (how === "sleep") await sleep(60);
            if (how === "throw") throw new Error("a secret");
            if (how === "large") return "x".repeat(70_000);
            return how === "fail" ? ctx.fail("NO") : how;
          },
          take: () => {
            throw new Error("a secret");
          },
        },
        { concurrency: 1, backlog: 1 },
      );
      await untilOpen(service);
      return { service, stop: held.open };
    }

    test("count requests and errors by kind, and add up the time in handlers", async () => {
      const broker = await kind.start({ maxPayload: 65_536 });
      await serveOdd(broker);
      const caller = (await connected(broker)).to(odd);
      const nats = await plainClient(broker);
      const statuses: string[] = [];
      for (const how of ["ok", "sleep", "fail", "throw", "large"]) statuses.push((await caller.work({ how })).status);
      await nats.request("muove.odd.work", "{");
      expect(statuses).toEqual(["ok", "ok", "failed", "faulty", "faulty"]);
      const stats = await askOne(nats, "STATS", "odd");
      const work = statsOf(stats, "work");
      expect(work).toMatchObject({
        num_requests: 6,
        num_errors: 3,
        data: {
          handled: 5,
          failed: 1,
          crashed: 1,
          replyTooLarge: 1,
          rejected: 1,
          overloaded: 0,
          expired: 0,
          overdue: 0,
        },
      });
      expect(work?.processing_time).toBeGreaterThan(50e6);
      expect(work?.processing_time).toBeLessThan(20_000e6);
      expect(work?.average_processing_time).toBe(Math.trunc((work?.processing_time ?? 0) / 6));
      expect(statsOf(stats, "take")).toMatchObject({ num_requests: 0, last_error: "", average_processing_time: 0 });
      expect(Math.abs(Date.parse(stats.started) - Date.now())).toBeLessThan(60_000);
    });

    test("count casts, too, and name the last crash without what was thrown", async () => {
      const broker = await kind.start();
      const { service } = await serveOdd(broker);
      const crashes: string[] = [];
      service.on("crashed", ({ id }) => crashes.push(id));
      (await connected(broker)).to(odd).take("a");
      await until("it crashed", () => crashes.length === 1);
      const take = statsOf(await askOne(await plainClient(broker), "STATS", "odd"), "take");
      expect(take).toMatchObject({ num_requests: 1, num_errors: 1 });
      expect(take?.last_error).toBe(`crashed: a handler threw, see its log for ${crashes[0]}`);
    });

    test("count overloaded, expired and overdue calls", async () => {
      const broker = await kind.start();
      const entered = gate();
      const { stop } = await serveOdd(broker, entered.open);
      const caller = (await connected(broker)).to(odd);
      const held = caller.work({ how: "hold" });
      await entered.passed;
      const late = caller.work({ how: "late" }, { timeout: 50 }); // Waits behind the one that is held.
      await late;
      const refused = await Promise.all([caller.work({ how: "a" }), caller.work({ how: "b" })]);
      expect(refused).toMatchObject([{ reason: "overloaded" }, { reason: "overloaded" }]);
      stop();
      await held;
      const overdue = await caller.work({ how: "sleep" }, { timeout: 20 });
      expect(overdue).toMatchObject({ reason: "timeout" });
      const nats = await plainClient(broker);
      const work = async () => statsOf(await askOne(nats, "STATS", "odd"), "work");
      await vi.waitFor(async () => expect((await work())?.data).toMatchObject({ overdue: 1, handled: 2 }));
      expect(await work()).toMatchObject({ num_requests: 5, num_errors: 4, data: { overloaded: 2, expired: 1 } });
    });
  });

  describe("a mailbox", () => {
    test("that drains is no longer found, although it still works", async () => {
      const broker = await kind.start();
      const [entered, held] = [gate(), gate()];
      const service = await serving(broker, {
        ping: async () => {
          entered.open();
          await held.passed;
        },
      });
      const nats = await plainClient(broker);
      const answer = (await connected(broker)).to(pricing).ping();
      await entered.passed;
      expect(await ask(nats, "PING")).toHaveLength(1);
      const closed = service.close();
      for (const of of [[], ["pricing"], ["pricing", service.status.instance]]) {
        expect(await ask(nats, "PING", ...of)).toEqual([]);
      }
      held.open();
      expect(await answer).toMatchObject({ status: "ok" });
      await closed;
    });

    test("is ready where permissions keep it out of the service API, which one log line says, and no event", async () => {
      const broker = await kind.start({
        users: [{ name: "pricing", denied: { subscribe: ["$SRV.>"] } }, { name: "other" }],
      });
      const { logger, lines } = keptLog();
      const url = (user: string) => broker.url.replace("//", `//${user}:${user}@`);
      const service = openBus({ url: url("pricing") }, { service: "pricing", logger });
      const forbidden = vi.fn();
      service.on("forbidden", forbidden);
      service.serve(billing, { pay: () => {} });
      await untilOpen(service);
      const caller = await connected({ url: url("other") });
      expect(await caller.to(billing).pay({ cents: 1 })).toMatchObject({ status: "ok" });
      await until("it is logged", () => lines.some(({ msg }) => msg.includes("$SRV")));
      expect(service.health).toMatchObject({ ready: true, degraded: false, problems: [] });
      expect(forbidden).not.toHaveBeenCalled();
      expect(lines.filter(({ level }) => !["debug", "info"].includes(level))).toEqual([]);
      expect(lines.filter(({ msg }) => msg.includes("$SRV"))).toHaveLength(1);
    });
  });

  describe("a bus", () => {
    test("that serves nothing is not found", async () => {
      const broker = await kind.start();
      await connected(broker);
      expect(await ask(await plainClient(broker), "PING")).toEqual([]);
    });

    test("with 1,000 mailboxes answers for all of them, and still answers calls", async () => {
      const broker = await kind.start();
      const service = openBus(broker, { service: "many" });
      const mailboxes = Array.from({ length: 1_000 }, (_, index) =>
        mailbox(`box-${index}`, { ask: call({ input: z.object({ index: z.int() }), timeout: 10_000 }) }),
      );
      for (const each of mailboxes) service.serve(each, { ask: () => {} });
      await untilOpen(service);
      const nats = await plainClient(broker);
      const all = await nats.requestMany("$SRV.INFO", "", { strategy: "count", maxMessages: 1_000, maxWait: 20_000 });
      const box = mailboxes[500];
      if (box === undefined) throw new Error("box-500 is missing");
      expect(await (await connected(broker)).to(box).ask({ index: 1 })).toMatchObject({ status: "ok" });
      const names = new Set((await collected(all)).map((reply) => reply.json<Answer<"INFO">>().name));
      expect(names.size).toBe(1_000);
    });

    test("that is flooded with questions drops some instead of falling behind with its calls", async () => {
      const broker = await kind.start();
      await serving(broker);
      const nats = await plainClient(broker);
      const replies = vi.fn();
      nats.subscribe("_INBOX.replies", { callback: replies });
      for (let index = 0; index < 5_000; index++) nats.publish("$SRV.STATS", "", { reply: "_INBOX.replies" });
      expect((await nats.request("muove.pricing.count")).string()).toBe("1");
      await vi.waitFor(async () => expect(await ask(nats, "PING")).toHaveLength(1));
      expect(replies.mock.calls.length).toBeGreaterThan(0);
      expect(replies.mock.calls.length).toBeLessThan(5_000);
    });
  });
});
