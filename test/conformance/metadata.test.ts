// Metadata (docs/protocol.md, H-7 and V-6), over TCP.

import {
  type Bus,
  call,
  cast,
  connect,
  event,
  InvalidMetadata,
  InvalidOptions,
  lastKnown,
  mailbox,
  TooLarge,
  withFallback,
} from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { deadLettersOf, openBus } from "./support/buses.js";
import { plainClient, withHeaders } from "./support/plain.js";

const back = mailbox("back", {
  ask: call({ output: z.unknown(), timeout: 5_000 }),
  tell: cast(),
  told: event(),
});
const middle = mailbox("middle", { forward: call({ output: z.unknown(), timeout: 5_000 }) });

const schema = z.object({
  tenant: z.string().min(2),
  locale: z.enum(["en", "de"]).default("en"),
  level: z.coerce.number().optional(),
});

/** A bus with a schema. */
function typedBus(broker: Broker, service: string) {
  const bus = connect({ service, servers: broker.url, logger: false, meta: schema });
  onTestFinished(() => bus.close({ timeout: 1 }));
  return bus;
}

const open = (...buses: { readonly status: Bus["status"] }[]) =>
  until("all are open", () =>
    buses.every(({ status: { connection, mailboxes, listeners } }) => {
      return connection.state === "up" && [...mailboxes, ...listeners].every(({ state }) => state === "open");
    }),
  );

async function pair(broker: Broker) {
  const [service, caller] = [typedBus(broker, "back"), typedBus(broker, "caller")];
  const told: unknown[] = [];
  const own = service.serve(back, { ask: (_, ctx) => ctx.meta, tell: (_, ctx) => void told.push(ctx.meta) });
  caller.on(back.events.told, (_, ctx) => void told.push(ctx.meta));
  await open(service, caller);
  return { service, caller, own, told };
}

const acme = { tenant: "acme" };

describeOnEachBroker((kind) => {
  describe("metadata", () => {
    test("travels with calls, casts and events, and the schema makes of it what handlers read", async () => {
      const { service, caller, own, told } = await pair(await kind.start());
      const asked = await caller
        .to(back, { meta: { tenant: "Müller & Söhne, 50%=", level: 7 } })
        .ask()
        .orThrow();
      expect(asked).toEqual({ tenant: "Müller & Söhne, 50%=", locale: "en", level: 7 });
      caller.to(back, { meta: { ...acme, locale: "de" } }).tell();
      await until("it is told", () => told.length === 1);
      own.within({ meta: acme }).publish.told();
      await until("it is heard", () => told.length === 2);
      expect(told).toEqual([
        { tenant: "acme", locale: "de" },
        { tenant: "acme", locale: "en" },
      ]);
      for (const address of [{ instance: service.status.instance }, { key: "a" }]) {
        expect(await caller.to(back, { ...address, meta: acme }).ask()).toMatchObject({ value: { tenant: "acme" } });
      }
      for await (const { outcome } of caller.toAll(back, { meta: acme }).ask()) {
        expect(outcome).toMatchObject({ status: "ok", value: { tenant: "acme" } });
      }
    });

    test("comes from other clients as one header, whose entries are separated by commas", async () => {
      const broker = await kind.start();
      await pair(broker);
      const headers = withHeaders({ "Muove-Meta": "tenant=a%2Cb,locale=de" });
      const reply = await (await plainClient(broker)).request("muove.back.ask", "", { ...headers, timeout: 5_000 });
      expect(reply.json()).toEqual({ tenant: "a,b", locale: "de" });
    });

    test("is inherited by everything within a budget, and by what a handler sends; the nearest value counts", async () => {
      const broker = await kind.start();
      const { caller, told, service } = await pair(broker);
      const front = typedBus(broker, "middle");
      front.serve(middle, {
        async forward(_, ctx) {
          ctx.to(back).tell();
          return [await ctx.to(back).ask(), await ctx.to(back, { meta: { locale: "de" } }).ask()];
        },
      });
      await open(front);
      const here = caller.within({ meta: { ...acme, level: 1 } });
      const reliable = withFallback(caller.to(back), { ask: ["nothing"] });
      expect(await here.to(reliable).ask()).toMatchObject({ value: { tenant: "acme", level: 1 } });
      expect(await here.to(reliable, { meta: { level: 2, locale: undefined } }).ask()).toMatchObject({
        value: { tenant: "acme", level: 2 },
      });
      expect(await here.to(middle).forward().orThrow()).toMatchObject([
        { value: { tenant: "acme", locale: "en", level: 1 } },
        { value: { tenant: "acme", locale: "de", level: 1 } },
      ]);
      await until("the cast came", () => told.length === 1);
      expect(told).toEqual([{ tenant: "acme", locale: "en", level: 1 }]);
      expect(service.status.counts.rejected).toBe(0);
    });

    test("is passed on, unread, by a service without a schema, by ctx alone", async () => {
      const broker = await kind.start();
      const { caller } = await pair(broker);
      const front = openBus(broker, { service: "middle" });
      const seen: unknown[] = [];
      front.serve(middle, {
        async forward(_, ctx) {
          seen.push(ctx.meta);
          return [await ctx.to(back).ask(), await front.to(back).ask()];
        },
      });
      await open(front);
      expect(await caller.to(middle, { meta: acme }).forward().orThrow()).toMatchObject([
        { status: "ok", value: { tenant: "acme", locale: "en" } },
        { status: "faulty", reason: "rejected", delivered: "no" },
      ]);
      expect(seen).toEqual([undefined]);
    });
  });

  describe("metadata that breaks the schema", () => {
    test("is thrown at its sender, and nothing is sent", async () => {
      const { caller, own, service } = await pair(await kind.start());
      const letters = deadLettersOf(caller);
      for (const send of [
        () => caller.to(back).ask(),
        () => caller.to(back, { meta: { tenant: "a" } }).ask(),
        () =>
          caller
            .within({ meta: { level: 1 } })
            .to(back)
            .tell(),
        () => caller.toAll(back).ask(),
        () => own.publish.told(),
      ]) {
        expect(send).toThrow(InvalidMetadata);
      }
      expect(() => caller.to(back).ask()).toThrow(/back.ask was not sent because its metadata .*metadata tenant: /);
      expect(letters).toEqual([]);
      expect(service.status.counts.received).toBe(0);
    });

    test.each([
      ["a name that is none", { "a b": "x" }, /the name "a b"/],
      ["a reserved name", { ["__proto__x".slice(0, 9)]: "x" }, /the name "__proto__"/],
      ["a value that is no text", { tenant: { name: "acme" } }, /tenant must be a text/],
      ["a list", ["acme"], /must be an object/],
    ])("and %s: InvalidOptions, at once", async (_, meta, problem) => {
      const caller = typedBus(await kind.start(), "caller");
      expect(() => caller.to(back, { meta: meta as never })).toThrow(problem);
      expect(() => caller.within({ meta: meta as never })).toThrow(InvalidOptions);
      expect(() => caller.toAll(back, { meta: meta as never })).toThrow(InvalidOptions);
      const plain = connect({ service: "plain", servers: "nats://127.0.0.1:1", logger: false });
      onTestFinished(() => plain.close({ timeout: 1 }));
      expect(() => plain.to(back, { meta: acme as never })).toThrow(/needs a schema/);
    });

    test.each([
      ["too many entries", Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`n${n}`, ""])), /more than 32/],
      ["too many bytes", { tenant: "ü".repeat(700) }, /more than 4096 bytes/],
    ])("or is too much is thrown as what it is, since it comes from data: %s", async (_, meta, problem) => {
      const caller = typedBus(await kind.start(), "caller");
      for (const give of [
        () => caller.to(back, { meta: meta as never }),
        () => caller.within({ meta: meta as never }),
      ]) {
        expect(give).toThrow(InvalidMetadata);
        expect(give).toThrow(problem);
      }
    });

    test.each([
      ["none at all", undefined, "metadata tenant: "],
      ["another value", "tenant=a", "metadata tenant: "],
      ["no entry", "tenant", "metadata: malformed"],
      ["an entry twice", "tenant=acme,tenant=evil", "metadata: malformed"],
      ["a name that is none", "tenant=acme,__proto__=x", "metadata: malformed"],
      ["text that is not UTF-8", "tenant=%ff", "metadata: malformed"],
      ["too many entries", `tenant=acme${",a=".repeat(32)}`, "metadata: more than 32 entries"],
      ["too many bytes", `tenant=${"a".repeat(4_090)}`, "metadata: more than 4096 bytes"],
    ])("is rejected by whoever gets it, with issues: %s", async (_, header, issue) => {
      const broker = await kind.start();
      const { service, caller, told } = await pair(broker);
      const rejected: unknown[] = [];
      service.on("rejected", ({ issues }) => void rejected.push(issues));
      const plain = await plainClient(broker);
      const headers = withHeaders(header === undefined ? {} : { "Muove-Meta": header });
      const reply = await plain.request("muove.back.ask", "", { ...headers, timeout: 5_000 });
      expect(reply.headers?.get("Muove-Status")).toBe("rejected");
      expect(reply.json()).toEqual({ issues: [{ message: expect.stringContaining(issue), path: [] }] });
      plain.publish("muove.back.tell", "", headers);
      plain.publish("muove.back._event.told", "", headers);
      await until("all are refused", () => rejected.length === 2 && caller.status.counts.rejected === 1);
      expect(told).toEqual([]);
    });

    test("is not passed on by a service without a schema", async () => {
      const broker = await kind.start();
      const front = openBus(broker, { service: "middle" });
      const plain = await plainClient(broker);
      const headers: (string | undefined)[] = [];
      plain.subscribe("muove.back.tell", { callback: (_, msg) => void headers.push(msg.headers?.get("Muove-Meta")) });
      await plain.flush();
      front.serve(middle, { forward: (_, ctx) => ctx.to(back).tell() });
      await open(front);
      for (const header of ["tenant=acme,x=", "tenant", `a=${"a".repeat(4_096)}`]) {
        await plain.request("muove.middle.forward", "", { ...withHeaders({ "Muove-Meta": header }), timeout: 5_000 });
      }
      await until("all are passed on", () => headers.length === 3);
      expect(headers).toEqual(["tenant=acme,x=", "", ""]);
    });
  });

  describe("lastKnown()", () => {
    const evil = { tenant: "evil" };

    test("keeps an answer for the same metadata only: with orElse, withFallback, a budget and ctx", async () => {
      const broker = await kind.start();
      const { caller, own } = await pair(broker);
      const front = typedBus(broker, "middle");
      front.serve(middle, { forward: async (_, ctx) => ctx.to(back).ask().orElse(lastKnown()) });
      await open(front);
      const reliable = withFallback(caller.to(back), { ask: [lastKnown()] });
      const asks = [
        (meta: typeof acme) => caller.to(back, { meta }).ask().orElse(lastKnown()),
        (meta: typeof acme) => caller.to(reliable, { meta }).ask(),
        (meta: typeof acme) => caller.within({ meta }).to(reliable).ask(),
        (meta: typeof acme) => caller.to(middle, { meta }).forward().orThrow(),
      ];
      for (const ask of asks) await ask(acme);
      await own.stop();
      for (const ask of asks) {
        expect(await ask(acme)).toMatchObject({ status: "degraded", value: { tenant: "acme" } });
        expect(await ask(evil)).toMatchObject({ status: "unavailable", reason: "absent" });
      }
    });

    test("has nothing for whom a step refuses, however little metadata counts", async () => {
      const { service, caller } = await pair(await kind.start());
      service.use({ handle: (ctx, next) => (ctx.meta.tenant === "evil" ? ctx.refuse("not for you") : next()) });
      const ask = (meta: typeof acme) =>
        caller
          .to(back, { meta })
          .ask()
          .orElse(lastKnown({ meta: [] }));
      expect(await ask(acme)).toMatchObject({ status: "ok" });
      expect(await ask(evil)).toMatchObject({ status: "faulty", reason: "refused", text: "not for you" });
    });

    test("looks at the metadata that it names alone: at none of it with an empty list", async () => {
      const { caller, own } = await pair(await kind.start());
      const ask = (meta: object, names: readonly string[]) =>
        caller
          .to(back, { meta })
          .ask()
          .orElse(lastKnown({ meta: names }));
      await ask({ ...acme, level: 1 }, ["tenant"]);
      await ask({ ...acme, level: 1 }, []);
      await own.stop();
      expect(await ask({ ...acme, level: 2 }, ["tenant"])).toMatchObject({ status: "degraded" });
      expect(await ask({ ...evil, level: 1 }, ["tenant"])).toMatchObject({ reason: "absent", status: "unavailable" });
      expect(await ask(evil, [])).toMatchObject({ status: "degraded", value: { tenant: "acme" } });
    });
  });

  test("metadata counts for the size of a message", async () => {
    const broker = await kind.start({ maxPayload: 1_024 });
    const caller = typedBus(broker, "caller");
    await open(caller);
    expect(() => caller.to(back, { meta: { tenant: "a".repeat(1_024) } }).ask()).toThrow(TooLarge);
  });
});
