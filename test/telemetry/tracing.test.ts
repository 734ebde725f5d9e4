// Traces, with OpenTelemetry's own SDK, for both sides in one process.

import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { call, cast, mailbox } from "muove";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { connected, openBus, pair, serving, untilOpen } from "../conformance/support/buses.js";
import { plainClient } from "../conformance/support/plain.js";
import { one, pricing } from "../conformance/support/pricing.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import { registerTracing } from "./support/sdk.js";
import { openShop, shop } from "./support/shop.js";

const spans = registerTracing();
const ours = trace.getTracer("the test");

beforeEach(() => spans.clear());

const parentOf = (span: { readonly parentSpanContext?: { readonly spanId: string } }) => span.parentSpanContext?.spanId;

const program = natsServerThatKeepsMail();

describe("a durable cast", () => {
  const letters = mailbox("letters", { post: cast({ input: z.string(), durable: true }) });

  test.skipIf(program === undefined)(
    "[needs nats-server 2.10 or later] has a span at its sender, and one for each try, in the same trace",
    async () => {
      const server = await makeKit().nats({ on: "nats-server", jetStream: true, program: program as string });
      const owner = openBus(server, { service: "letters" });
      owner.serve(letters, {
        post(_, ctx) {
          if (ctx.attempt === 1) throw new Error("a jam");
          return ctx.bury("no address");
        },
      });
      const sender = await connected(server);
      expect(await sender.to(letters).post("hello", { id: "order-7" })).toMatchObject({ status: "stored" });
      const {
        PRODUCER: [producer],
        CONSUMER: [first, second],
      } = await spans.ended(3);
      const id = "order-7";
      expect(producer).toMatchObject({ name: "send muove.letters.post", status: { code: SpanStatusCode.UNSET } });
      expect(producer?.attributes).toMatchObject({ "muove.receipt": "stored", "messaging.message.id": id });
      for (const span of [first, second]) {
        expect(span?.name).toBe("process muove.letters.post");
        expect(span && parentOf(span)).toBe(producer?.spanContext().spanId);
        expect(span?.links.map((link) => link.context.spanId)).toEqual([producer?.spanContext().spanId]);
        expect(span?.status.code).toBe(SpanStatusCode.ERROR);
      }
      expect(first?.attributes).toMatchObject({
        "messaging.message.id": id,
        "muove.attempt": 1,
        "error.type": "crashed",
      });
      expect(second?.attributes).toMatchObject({
        "messaging.message.id": id,
        "muove.attempt": 2,
        "error.type": "buried",
        "muove.disposition": "buried",
      });
    },
  );

  test("that cannot be stored has an error status, with the reason", async () => {
    const sender = await connected(await makeKit().nats());
    await sender.to(letters).post("hello", { id: "order-8" });
    expect(await spans.named("send muove.letters.post")).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: expect.stringContaining("was not stored") },
      attributes: {
        "error.type": "no-store",
        "muove.receipt": "unavailable",
        "muove.delivered": "no",
        "messaging.message.id": "order-8",
      },
    });
  });
});

describeOnEachBroker((kind) => {
  describe("a call", () => {
    test("has a span on both sides, the callee's a child of the caller's, by the RPC conventions", async () => {
      const { prices, caller, service } = await pair(await kind.start());
      await prices.quote(one);
      const {
        CLIENT: [client],
        SERVER: [server],
      } = await spans.ended(2);
      expect(client).toMatchObject({
        name: "pricing.quote",
        kind: SpanKind.CLIENT,
        status: { code: SpanStatusCode.UNSET },
      });
      expect(client?.attributes).toEqual({
        "rpc.system.name": "muove",
        "rpc.method": "pricing.quote",
        "rpc.status_code": "ok",
        "messaging.client.id": `caller/${caller.status.instance}`,
        "muove.delivered": "yes",
      });
      expect(server).toMatchObject({
        name: "pricing.quote",
        kind: SpanKind.SERVER,
        status: { code: SpanStatusCode.UNSET },
      });
      expect(server?.attributes).toEqual({
        "rpc.system.name": "muove",
        "rpc.method": "pricing.quote",
        "rpc.status_code": "ok",
        "messaging.client.id": `pricing/${service.status.instance}`,
        "muove.from": `caller/${caller.status.instance}`,
      });
      expect(server && parentOf(server)).toBe(client?.spanContext().spanId);
      expect(server?.spanContext().traceId).toBe(client?.spanContext().traceId);
    });

    test("has a span in the active span of its caller, and its handler's spans are in it", async () => {
      const inner = async () => ours.startActiveSpan("look it up", async (span) => span.end());
      const { prices } = await pair(await kind.start(), {
        async ping() {
          await Promise.resolve();
          await inner();
        },
      });
      await ours.startActiveSpan("a request", async (span) => {
        await prices.ping();
        span.end();
      });
      const {
        CLIENT: [client],
        SERVER: [server],
        INTERNAL: [lookup, request],
      } = await spans.ended(4);
      expect([lookup?.name, request?.name]).toEqual(["look it up", "a request"]);
      expect(client && parentOf(client)).toBe(request?.spanContext().spanId);
      expect(lookup && parentOf(lookup)).toBe(server?.spanContext().spanId);
    });

    test("from a handler is part of its message's trace, by ctx.to and by bus.to", async () => {
      const broker = await kind.start();
      const { caller } = await pair(broker);
      await openShop(broker);
      await caller.to(shop).order();
      const { CLIENT, SERVER } = await spans.ended(6);
      const order = SERVER.find(({ name }) => name === "shop.order");
      const nested = CLIENT.filter(({ name }) => name.startsWith("pricing."));
      expect(nested.map(({ name }) => name)).toEqual(["pricing.ping", "pricing.count"]);
      expect(nested.map(parentOf)).toEqual([order?.spanContext().spanId, order?.spanContext().spanId]);
      expect(new Set(spans.all().map((span) => span.spanContext().traceId)).size).toBe(1);
    });

    test("is no part of the trace in which the bus was made, nor are listeners", async () => {
      const broker = await kind.start();
      const work = (): void => ours.startSpan("work").end();
      const { service, caller } = await ours.startActiveSpan("the start", async (span) => {
        const buses = await pair(broker, { flush: work });
        span.end();
        return buses;
      });
      caller.on("disconnected", work);
      const plain = await plainClient(broker);
      plain.publish("muove.pricing.flush");
      const spanOfHandler = await spans.named("process muove.pricing.flush");
      const spanOfWork = await spans.named("work");
      expect(parentOf(spanOfHandler)).toBeUndefined();
      expect(parentOf(spanOfWork)).toBe(spanOfHandler.spanContext().spanId);
      spans.clear();
      await ours.startActiveSpan("the end", async (span) => {
        await Promise.all([broker.kill(), service.close()]);
        span.end();
      });
      expect(parentOf(await spans.named("work"))).toBeUndefined();
    });

    test("that ends in a declared error has no error status, and the error's code", async () => {
      const { prices } = await pair(await kind.start(), { quote: (_, ctx) => ctx.fail("SOLD_OUT", { until: "May" }) });
      await prices.quote(one);
      await spans.ended(2);
      for (const span of spans.all()) {
        expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
        expect(span.attributes).toMatchObject({ "rpc.status_code": "failed", "muove.error.code": "SOLD_OUT" });
        expect(span.attributes).not.toHaveProperty("error.type");
      }
    });

    test("whose handler throws has an error status on both sides, with the crash's id", async () => {
      const { prices } = await pair(await kind.start(), {
        ping() {
          throw new Error("inside");
        },
      });
      const outcome = await prices.ping();
      const {
        CLIENT: [client],
        SERVER: [server],
      } = await spans.ended(2);
      for (const span of [client, server]) {
        expect(span?.status.code).toBe(SpanStatusCode.ERROR);
        expect(span?.attributes).toMatchObject({
          "rpc.status_code": "crashed",
          "error.type": "crashed",
          "muove.crash.id": "id" in outcome && outcome.id,
        });
      }
      expect(client?.status.message).not.toContain("inside");
      expect(server?.events.map(({ name }) => name)).toEqual(["exception"]);
    });

    test("to an absent mailbox has an error status, with the reason", async () => {
      const bus = await connected(await kind.start());
      await bus.to(pricing).ping();
      expect(await spans.named("pricing.ping")).toMatchObject({
        status: { code: SpanStatusCode.ERROR, message: expect.stringContaining("nobody listens") },
        attributes: { "rpc.status_code": "absent", "error.type": "absent", "muove.delivered": "no" },
      });
    });

    test("that times out ends its spans on both sides, although its handler goes on", async () => {
      const { prices } = await pair(await kind.start(), { ping: () => new Promise(() => {}) });
      await prices.ping(undefined, { timeout: 50 });
      const {
        CLIENT: [client],
        SERVER: [server],
      } = await spans.ended(2);
      expect(client?.attributes).toMatchObject({ "error.type": "timeout", "muove.delivered": "maybe" });
      expect(server?.attributes).toMatchObject({ "error.type": "timeout", "rpc.status_code": "timeout" });
    });

    test("that the callee rejects is an error on both sides", async () => {
      const strict = mailbox("pricing", { tell: call({ input: z.string().min(1), timeout: 5_000 }) });
      const broker = await kind.start();
      const service = openBus(broker, { service: "pricing" });
      service.serve(strict, { tell: () => {} });
      await untilOpen(service);
      const caller = await connected(broker);
      await caller.to(pricing).tell("");
      await spans.ended(2);
      expect(spans.all().map(({ attributes }) => attributes["error.type"])).toEqual(["rejected", "rejected"]);
    });

    test("that a fallback answers adds a muove.degraded event to the active span", async () => {
      const bus = await connected(await kind.start());
      await ours.startActiveSpan("a request", async (span) => {
        await bus.to(pricing).count().orElse(7);
        span.end();
      });
      expect((await spans.named("a request")).events).toMatchObject([
        {
          name: "muove.degraded",
          attributes: { "rpc.method": "pricing.count", "error.type": "absent", "muove.source": "constant" },
        },
      ]);
    });
  });

  describe("a call to everyone", () => {
    test("has one span at its caller, with the number of answers, and one at each instance", async () => {
      const broker = await kind.start();
      await Promise.all([serving(broker), serving(broker)]);
      const caller = await connected(broker);
      let answers = 0;
      for await (const _ of caller.toAll(pricing).count()) answers++;
      expect(answers).toBe(2);
      const {
        CLIENT: [client],
        SERVER,
      } = await spans.ended(3);
      expect(client?.attributes).toMatchObject({
        "rpc.method": "pricing.count",
        "rpc.status_code": "ok",
        "muove.answers": 2,
      });
      expect(SERVER.map(parentOf)).toEqual([client?.spanContext().spanId, client?.spanContext().spanId]);
    });
  });

  describe("a cast", () => {
    test("has a span on both sides, by the messaging conventions", async () => {
      const { prices, caller, service } = await pair(await kind.start());
      prices.repriced({ sku: "a" });
      const {
        PRODUCER: [producer],
        CONSUMER: [consumer],
      } = await spans.ended(2);
      expect(producer).toMatchObject({ name: "send muove.pricing.repriced", kind: SpanKind.PRODUCER });
      expect(producer?.attributes).toEqual({
        "messaging.system": "nats",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "muove.pricing.repriced",
        "muove.receipt": "sent",
        "messaging.client.id": `caller/${caller.status.instance}`,
      });
      expect(consumer).toMatchObject({ name: "process muove.pricing.repriced", kind: SpanKind.CONSUMER });
      expect(consumer?.attributes).toEqual({
        "messaging.system": "nats",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "muove.pricing.repriced",
        "messaging.client.id": `pricing/${service.status.instance}`,
        "muove.from": `caller/${caller.status.instance}`,
      });
      expect(consumer && parentOf(consumer)).toBe(producer?.spanContext().spanId);
      expect(consumer?.links.map((link) => link.context.spanId)).toEqual([producer?.spanContext().spanId]);
    });

    test("that cannot be sent has an error status", async () => {
      const bus = openBus({ url: "nats://127.0.0.1:1" });
      bus.to(pricing).repriced({ sku: "a" });
      expect(await spans.named("send muove.pricing.repriced")).toMatchObject({
        status: { code: SpanStatusCode.ERROR },
        attributes: { "error.type": "unreachable" },
      });
    });
  });

  describe("baggage", () => {
    test("reaches handlers, and those that they call", async () => {
      const broker = await kind.start();
      let seen: string | undefined;
      const { caller } = await pair(broker, {
        ping() {
          seen = propagation.getBaggage(context.active())?.getEntry("tenant")?.value;
        },
      });
      const front = openBus(broker, { service: "shop" });
      front.serve(shop, {
        async order(_, ctx) {
          await ctx.to(pricing).ping();
          return "done";
        },
      });
      await untilOpen(front);
      const baggage = propagation.createBaggage({ tenant: { value: "seven ünits" } });
      await context.with(propagation.setBaggage(context.active(), baggage), () => caller.to(shop).order());
      expect(seen).toBe("seven ünits");
    });
  });

  describe("ctx.log", () => {
    test("names the trace and the span of its handler", async () => {
      const lines: Record<string, unknown>[] = [];
      const broker = await kind.start();
      const { pino } = await import("pino");
      const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
      await serving(broker, { ping: (_, ctx) => ctx.log.info("here") }, { logger });
      const caller = await connected(broker);
      await caller.to(pricing).ping();
      const {
        SERVER: [span],
      } = await spans.ended(2);
      const server = span?.spanContext();
      expect(lines.find(({ msg }) => msg === "here")).toMatchObject({
        trace_id: server?.traceId,
        span_id: server?.spanId,
      });
    });
  });
});
