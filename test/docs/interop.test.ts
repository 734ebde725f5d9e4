// The programs of docs/interop.md, with the plain official client on one side and Muove on the other.

import { setTimeout as sleep } from "node:timers/promises";
import type { Nats } from "@muove/testkit";
import { Svcm } from "@nats-io/services";
import type { NatsConnection } from "@nats-io/transport-node";
import { type Bus, call, cast, type Handlers, mailbox, type ServeOptions } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { mailNames } from "../../packages/muove/src/wire/mail-subjects.js";
import { connected, gate, openBus, untilOpen } from "../conformance/support/buses.js";
import { plainClient } from "../conformance/support/plain.js";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import { until } from "../support/until.js";
import * as calls from "./snippets/interop/call.js";
import { parcels } from "./snippets/interop/contract.js";
import * as mail from "./snippets/interop/letters.js";
import { outcomeOf } from "./snippets/interop/outcome.js";
import * as responder from "./snippets/interop/respond.js";
import { addService } from "./snippets/interop/service.js";
import { messagePack, valueIn } from "./snippets/interop/value.js";

type Own = Partial<Handlers<typeof parcels.messages>>;

async function serving(broker: Broker, own: Own = {}, options: ServeOptions = {}) {
  const bus = openBus(broker, { service: "parcels", tags: { region: "eu" } });
  const handlers: Handlers<typeof parcels.messages> = {
    price: ({ grams }, ctx) => (grams > 5_000 ? ctx.fail("TOO_HEAVY", { most: 5_000 }) : { cents: 190 + grams }),
    count: () => 5,
    reset: () => {},
    scanned: () => {},
    ...own,
  };
  const owner = bus.serve(parcels, handlers, options);
  await untilOpen(bus);
  return { bus, owner };
}

const anything = z.unknown();
const light = { grams: 200 };
const price = "muove.parcels.price";

const program = natsServerThatKeepsMail();

describe.skipIf(program === undefined)("[needs nats-server 2.10 or later] a plain client and letters", () => {
  const letters = mailbox("letters", { post: cast({ input: z.object({ text: z.string() }), durable: true }) });
  const { stream } = mailNames(undefined, "letters");
  const nats = () => makeKit().nats({ on: "nats-server", jetStream: true, program: program as string });
  const owned = async (server: Nats, post: (input: { text: string }, ctx: { id: string }) => void) => {
    const owner = openBus(server, { service: "letters" });
    owner.serve(letters, { post: (input, ctx) => post(input, ctx) });
    const nc = await plainClient(server);
    const made = `$JS.API.CONSUMER.INFO.${stream}.post`;
    await until("its consumer is there", async () => !("error" in (await nc.request(made)).json<object>()));
    return { owner, nc };
  };

  test("it sends one that a Muove owner handles, once", async () => {
    const handled: unknown[] = [];
    const { owner, nc } = await owned(await nats(), ({ text }, { id }) => void handled.push([id, text]));
    expect(await mail.sendLetter(nc, stream, "visit-1", { text: "hello" })).toBe(true);
    expect(await mail.sendLetter(nc, stream, "visit-1", { text: "hello" })).toBe(true);
    expect(await mail.sendLetter(nc, stream, "visit-2", { text: "again" })).toBe(true);
    await until("both are handled", () => owner.status.counts.lettersHandled === 2);
    expect(handled.sort()).toEqual([
      ["visit-1", "hello"],
      ["visit-2", "again"],
    ]);
  });

  test("it handles one that a Muove sender stored", async () => {
    const server = await nats();
    const { owner, nc } = await owned(server, () => {});
    await owner.close();
    const sender = await connected(server);
    expect(await sender.to(letters).post({ text: "hello" })).toMatchObject({ status: "stored" });
    expect(valueIn(await mail.handleLetter(nc, stream, 2_000))).toEqual({ text: "hello" });
    const info = () => nc.request(`$JS.API.STREAM.INFO.${stream}`);
    await until("it is gone", async () => (await info()).json<{ state: { messages: number } }>().state.messages === 0);
  });
});

describeOnEachBroker((kind) => {
  describe("a plain client of a Muove mailbox", () => {
    test("calls in JSON, in MessagePack, and without an input", async () => {
      const broker = await kind.start();
      await serving(broker);
      const nc = await plainClient(broker);
      expect(await calls.inJson(nc)).toEqual({ cents: 390 });
      expect(await calls.inMessagePack(nc)).toEqual({ cents: 390 });
      expect(await calls.withoutInput(nc)).toEqual([5, 0]);
    });

    test("calls with any value, including small integers, which MessagePack would write as a byte of JSON", async () => {
      const broker = await kind.start();
      const echo = mailbox("echo", { say: call({ input: anything, output: anything }) });
      const bus = openBus(broker, { service: "echo" });
      bus.serve(echo, { say: (value) => value });
      await untilOpen(bus);
      const nc = await plainClient(broker);
      for (const value of [0, 5, 127, 128, -1, "", "é", false, null, [], { a: [1, { b: 2.5 }] }, new Date(0)]) {
        const reply = await nc.request("muove.echo.say", messagePack(value));
        expect(valueIn(reply.data)).toEqual(value);
      }
    });

    test("can tell every status", async () => {
      const broker = await kind.start();
      const entered = gate();
      const held = gate();
      const { bus } = await serving(
        broker,
        {
          async price({ grams }, ctx) {
            if (grams === 1) throw new Error("boom");
            if (grams === 3) {
              entered.open();
              await held.passed;
            }
            return grams > 5_000 ? ctx.fail("TOO_HEAVY", { most: 5_000 }) : { cents: 190 + grams };
          },
        },
        { concurrency: 1, backlog: 1 },
      );
      const nc = await plainClient(broker);
      const ask = (grams: unknown, to = price) => calls.asked(nc, to, JSON.stringify({ grams }));
      expect(await ask(200)).toEqual({ status: "ok", value: { cents: 390 } });
      expect(await ask(9_000)).toEqual({ status: "failed", code: "TOO_HEAVY", data: { most: 5_000 } });
      expect(await ask("heavy")).toMatchObject({
        status: "faulty",
        reason: "rejected",
        details: { issues: [{ message: expect.any(String), path: ["grams"] }] },
      });
      expect(await ask(1)).toMatchObject({ reason: "crashed", details: { id: expect.any(String) } });
      expect(await ask(200, `muove.parcels._i.${bus.status.instance}.weigh`)).toMatchObject({
        reason: "unknown-message",
      });
      const working = ask(3);
      await entered.passed;
      const waiting = ask(200);
      await nc.flush();
      expect(await ask(200)).toMatchObject({
        status: "unavailable",
        reason: "overloaded",
        retryAfter: expect.any(Number),
      });
      const closed = bus.close();
      held.open();
      expect([(await working).status, (await waiting).status]).toEqual(["ok", "ok"]);
      await closed;
      expect(await ask(200)).toEqual({ status: "unavailable", reason: "absent" });
      responder.answering(nc, "draining");
      expect(await ask(200)).toEqual({ status: "unavailable", reason: "draining" });
      nc.subscribe("muove.parcels.count", { callback: () => {} });
      expect(await calls.asked(nc, "muove.parcels.count")).toEqual({ status: "unavailable", reason: "timeout" });
    });

    test("learns the size of an answer that is too large", async () => {
      const broker = await kind.start({ maxPayload: 1_024 });
      const wide = mailbox("wide", { go: call({ output: anything }) });
      const bus = openBus(broker, { service: "wide" });
      bus.serve(wide, { go: () => "x".repeat(2_000) });
      await untilOpen(bus);
      const outcome = await calls.asked(await plainClient(broker), "muove.wide.go");
      expect(outcome).toMatchObject({ reason: "reply-too-large", details: { size: expect.any(Number), limit: 1_024 } });
    });

    test("calls with a deadline, which the handler knows", async () => {
      const broker = await kind.start();
      const remaining: number[] = [];
      const { bus } = await serving(broker, {
        price: (_, ctx) => {
          remaining.push(ctx.remaining);
          return { cents: 1 };
        },
      });
      const nc = await plainClient(broker);
      expect((await calls.withDeadline(nc, "scanner/7")).json()).toEqual({ cents: 1 });
      expect(remaining[0]).toBeLessThanOrEqual(250);
      expect(bus.status.counts.expired).toBe(0);
    });

    test("cancels a call, and the handler's signal aborts", async () => {
      const broker = await kind.start();
      const aborted = gate();
      await serving(broker, {
        price: (_, { signal }) =>
          new Promise(() => {
            signal.addEventListener("abort", aborted.open);
          }),
      });
      const nc = await plainClient(broker);
      expect(await calls.givenUp(nc, 50)).toBe("given up");
      await aborted.passed;
    });

    test("does not cancel a call that is answered in time", async () => {
      const broker = await kind.start();
      await serving(broker);
      expect(await calls.givenUp(await plainClient(broker), 5_000)).toBe('{"cents":390}');
    });

    test("casts, and learns when nobody is there", async () => {
      const broker = await kind.start();
      const nc = await plainClient(broker);
      expect(await calls.casting(nc, "p1")).toBe(false);
      const scanned: unknown[] = [];
      await serving(broker, { scanned: (input) => void scanned.push(input) });
      expect(await calls.casting(nc, "p2")).toBe(true);
      await until("it has come", () => scanned.length === 1);
      expect(scanned).toEqual([{ id: "p2" }]);
    });

    test("listens to an event", async () => {
      const broker = await kind.start();
      const { owner } = await serving(broker);
      const nc = await plainClient(broker);
      const heard: unknown[] = [];
      calls.listening(nc, (value) => void heard.push(value));
      await nc.flush();
      owner.publish.delivered({ id: "p1" });
      await until("it is heard", () => heard.length === 1);
      expect(heard).toEqual([{ id: "p1" }]);
    });

    test("calls tags, an instance and everyone, and asks who is there", async () => {
      const broker = await kind.start();
      const services = [await serving(broker), await serving(broker)];
      const instances = services.map(({ bus }) => bus.status.instance);
      const nc = await plainClient(broker);
      expect(await calls.addressed(nc, instances[1] ?? "")).toEqual([{ cents: 390 }, { cents: 390 }]);
      expect((await calls.everyone(nc)).sort()).toEqual(instances.map((instance) => `parcels/${instance}`).sort());
      expect(await calls.present(nc)).toEqual(
        expect.arrayContaining(
          instances.map((instance) =>
            expect.objectContaining({ instance, service: "parcels", tags: { region: "eu" } }),
          ),
        ),
      );
    });

    test("finds the mailbox with the service API, and calls the subject that it reads there", async () => {
      const broker = await kind.start();
      await serving(broker);
      const nc = await plainClient(broker);
      const infos = await new Svcm(nc).client({ strategy: "stall", maxWait: 2_000 }).info("parcels");
      for await (const { endpoints } of infos) {
        const { subject = "" } = endpoints.find(({ name }) => name === "count") ?? {};
        expect((await nc.request(subject)).json()).toBe(5);
      }
    });
  });

  describe("a plain client that is a mailbox", () => {
    async function asking(broker: Broker, serve: (nc: NatsConnection) => unknown): Promise<Bus[]> {
      const nc = await plainClient(broker);
      await serve(nc);
      await nc.flush();
      return [await connected(broker), await connected(broker, { encoding: "json" })];
    }

    test("answers in either encoding, also with errors of the contract and with issues", async () => {
      const broker = await kind.start();
      for (const bus of await asking(broker, responder.serve)) {
        const client = bus.to(parcels);
        expect(await client.price(light)).toMatchObject({ status: "ok", value: { cents: 390 } });
        expect(await client.price({ grams: 9_000 })).toMatchObject({
          status: "failed",
          error: { code: "TOO_HEAVY", data: { most: 5_000 } },
        });
      }
      const refused = await (await plainClient(broker)).request(price, "{}");
      expect(outcomeOf(refused)).toMatchObject({ reason: "rejected", details: { issues: [{ path: ["grams"] }] } });
    });

    test("shares calls with an instance of Muove", async () => {
      const broker = await kind.start();
      const [bus] = await asking(broker, responder.serve);
      const { bus: service } = await serving(broker);
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => bus?.to(parcels).price(light)));
      expect(outcomes.every((outcome) => outcome?.status === "ok")).toBe(true);
      const { received } = service.status.counts;
      expect(received).toBeGreaterThan(0);
      expect(received).toBeLessThan(100);
    });

    test.each([
      ["failed", { most: 1 }, { "Muove-Code": "TOO_HEAVY" }, { status: "failed", error: { code: "TOO_HEAVY" } }],
      ["failed", undefined, { "Muove-Code": "TOO_LIGHT" }, { status: "faulty", reason: "invalid-reply" }],
      ["rejected", { issues: [{ message: "no", path: [] }] }, {}, { reason: "rejected", issues: [{ message: "no" }] }],
      ["unknown-message", undefined, {}, { status: "faulty", reason: "unknown-message" }],
      ["crashed", { id: "7" }, {}, { status: "faulty", reason: "crashed", id: "7" }],
      ["reply-too-large", { size: 2, limit: 1 }, {}, { status: "faulty", reason: "reply-too-large" }],
      ["overloaded", undefined, { "Muove-Retry-After": 7 }, { reason: "overloaded", retryAfter: 7, delivered: "no" }],
      ["draining", undefined, {}, { status: "unavailable", reason: "draining", delivered: "no" }],
      ["confused", undefined, {}, { status: "faulty", reason: "crashed" }],
    ])("answers %s, %j, which is an outcome", async (status, value, more, outcome) => {
      const broker = await kind.start();
      for (const bus of await asking(broker, (nc) => responder.answering(nc, status, value, more))) {
        expect(await bus.to(parcels).price(light)).toMatchObject(outcome);
      }
    });

    test("is absent, breaks the contract or does not answer, which are outcomes, too", async () => {
      const broker = await kind.start();
      const nc = await plainClient(broker);
      const client = (await connected(broker)).to(parcels);
      expect(await client.price(light)).toMatchObject({ reason: "absent" });
      nc.subscribe(price, { queue: "q", callback: (_, request) => void request.respond('{"euros":3}') });
      nc.subscribe("muove.parcels.count", { queue: "q", callback: () => {} });
      await nc.flush();
      expect(await client.price(light)).toMatchObject({ status: "faulty", reason: "invalid-reply" });
      expect(await client.count(undefined, { timeout: 30 })).toMatchObject({ reason: "timeout", delivered: "maybe" });
    });

    test("stops work at its caller's deadline, and when the call is cancelled", async () => {
      const broker = await kind.start();
      const ended: string[] = [];
      const work = async (signal: AbortSignal) => {
        await sleep(10_000, undefined, { signal }).catch(() => ended.push("told"));
        return 1;
      };
      const [bus] = await asking(broker, (nc) => responder.workingInTime(nc, work));
      const timedOut = await bus?.to(parcels).price(light, { timeout: 50 });
      expect(timedOut).toMatchObject({ reason: "timeout" });
      await until("it has stopped at the deadline", () => ended.length === 1);
      const abort = new AbortController();
      const cancelled = bus?.to(parcels).price(light, { timeout: 20_000, signal: abort.signal });
      setTimeout(() => abort.abort(), 50);
      expect(await cancelled).toMatchObject({ reason: "cancelled" });
      await until("it has stopped for the cancellation", () => ended.length === 2);
    });

    test("answers in time, or crashes", async () => {
      const broker = await kind.start();
      let works = true;
      const work = async () => {
        if (works) return 7;
        throw new Error("boom");
      };
      const [bus] = await asking(broker, (nc) => responder.workingInTime(nc, work));
      expect(await bus?.to(parcels).price(light)).toMatchObject({ status: "ok", value: { cents: 7 } });
      works = false;
      expect(await bus?.to(parcels).price(light)).toMatchObject({ reason: "crashed", id: expect.any(String) });
    });

    test("takes casts, and publishes events", async () => {
      const broker = await kind.start();
      const scanned: unknown[] = [];
      const nc = await plainClient(broker);
      responder.taking(nc, (value) => void scanned.push(value));
      await nc.flush();
      const bus = await connected(broker);
      const heard: string[] = [];
      bus.on(parcels.events.delivered, ({ id }) => void heard.push(id));
      await until("it listens", () => bus.status.listeners[0]?.state === "open");
      bus.to(parcels).scanned({ id: "p1" });
      responder.publishing(nc, "p1");
      responder.publishing(nc, "p2");
      await until("all have come", () => scanned.length === 1 && heard.length === 2);
      expect([scanned, heard]).toEqual([[{ id: "p1" }], ["p1", "p2"]]);
      expect(bus.status.counts.deadLetters).toBe(0);
    });

    test("may be a service of the NATS service API", async () => {
      const broker = await kind.start();
      const [, bus] = await asking(broker, addService);
      expect(await bus?.to(parcels).price(light)).toMatchObject({ status: "ok", value: { cents: 390 } });
      expect(await bus?.to(parcels).price({ grams: 9_000 })).toMatchObject({
        status: "faulty",
        reason: "crashed",
        message: expect.stringContaining("too heavy"),
      });
    });
  });
});
