// What a bus reports of the calls that it makes: figures, events and its log.

import { headers as natsHeaders } from "@nats-io/transport-node";
import { type Address, type Bus, type BusEvents, call, cast, mailbox, TooLarge } from "muove";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { keptLog, type LogLine } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { connected, openBus, serving, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const front = mailbox("front", { ask: call({ output: z.string(), timeout: 5_000 }) });

/** Calls of every kind of address, each of which resolves to its outcomes. */
const ways: Readonly<Record<string, (bus: Bus, instance: string) => Promise<unknown>>> = {
  "pricing.quote": (bus) => bus.to(pricing).quote(one),
  "pricing.quote@region=eu": (bus) => bus.to(pricing, { tags: { region: "eu" } }).quote(one),
  "pricing.quote@{instance}": (bus, instance) => bus.to(pricing, { instance }).quote(one),
  "pricing.quote@{key}": (bus) => bus.to(pricing, { key: "a" }).quote(one),
  "pricing.quote@*": async (bus) => {
    for await (const _ of bus.toAll(pricing).quote(one));
  },
};

const renamed = mailbox("pricing", {
  quote: call({ input: z.unknown(), output: z.object({ price: z.string() }), timeout: 5_000 }),
});
const unreadable = "a caller cannot read replies because the contracts of both sides differ; compare their versions";

/** An owner of pricing that renamed the output's field, and what it reports. */
async function renaming(broker: Broker) {
  const { logger, lines } = keptLog("info");
  const service = openBus(broker, { service: "pricing", tags: { region: "eu" }, logger });
  const told: BusEvents["unreadableReply"][] = [];
  service.on("unreadableReply", (event) => void told.push(event));
  service.serve(renamed, { quote: () => ({ price: "secret-4711" }) });
  await untilOpen(service);
  return { service, told, lines, complaints: () => lines.filter(({ msg }) => msg === unreadable) };
}

describeOnEachBroker((kind) => {
  let broker: Broker;
  let lines: readonly LogLine[];
  let caller: Bus;
  const events: BusEvents["outcome"][] = [];
  beforeEach(async () => {
    broker = await kind.start();
    const kept = keptLog("info");
    lines = kept.lines;
    caller = await connected(broker, { logger: kept.logger });
    events.length = 0;
    caller.on("outcome", (event) => void events.push(event));
  });
  const logged = (text: string) => lines.filter(({ msg }) => msg === text);
  const outcomesOf = (address: string) => caller.status.peers.find((peer) => peer.address === address)?.outcomes;

  describe.each(Object.entries(ways))("CALL-REPORTS-1 of calls to %s", (way, send) => {
    test("each is counted, in total and for its address, emitted unless it is ok, and logged for a start", async () => {
      const nobody = "0123456789abcdef";
      const addressOf = (instance: string) => way.replace("{instance}", instance);
      await send(caller, nobody);
      await send(caller, nobody);
      expect(caller.status.counts.calls).toBe(2);
      expect(caller.status.counts.outcomes).toMatchObject({ ok: 0, absent: 2, timeout: 0 });
      expect(outcomesOf(addressOf(nobody))).toEqual({ absent: 2 });
      const event = { address: addressOf(nobody), outcome: { reason: "absent", delivered: "no" } };
      expect(events).toMatchObject([event, event]);
      expect(logged("a call got no answer")).toMatchObject([
        { level: "warn", address: addressOf(nobody), reason: "absent", delivered: "no" },
      ]);

      const { instance } = (await serving(broker, {}, { tags: { region: "eu" } })).status;
      await until("it is answered", async () => {
        await send(caller, instance);
        return caller.status.counts.outcomes.ok > 0;
      });
      expect(outcomesOf(addressOf(instance))).toMatchObject({ ok: 1 });
      expect(events.every(({ outcome }) => outcome.status === "unavailable")).toBe(true);
    });
  });

  test("a call of a handler is reported like any other, by the bus that makes it", async () => {
    const middle = openBus(broker, { service: "front" });
    middle.serve(front, { ask: async (_, ctx) => (await ctx.to(pricing).quote(one)).status });
    await untilOpen(middle);
    expect(await caller.to(front).ask()).toMatchObject({ status: "ok", value: "unavailable" });
    expect(middle.status.counts.outcomes).toMatchObject({ absent: 1, ok: 0 });
    expect(caller.status.counts.outcomes).toMatchObject({ absent: 0, ok: 1 });
  });

  test("1,000 calls to nobody are one line, and one more when somebody answers", async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => caller.to(pricing).quote(one)));
    await serving(broker);
    expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "ok" });
    expect(lines.slice(1)).toMatchObject([
      { level: "warn", msg: "a call got no answer", address: "pricing.quote", reason: "absent" },
      { level: "info", msg: "calls are answered again", address: "pricing.quote", unanswered: 1_000 },
    ]);
    expect(caller.status.counts.outcomes).toMatchObject({ ok: 1, absent: 1_000 });
  });

  test("a declared error is an answer: an event, a figure, and no line", async () => {
    await serving(broker, { quote: (_, ctx) => ctx.fail("GONE") });
    expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "failed" });
    expect(events).toMatchObject([
      { address: "pricing.quote", outcome: { status: "failed", error: { code: "GONE" } } },
    ]);
    expect(outcomesOf("pricing.quote")).toEqual({ failed: 1 });
    expect(lines.slice(1)).toEqual([]);
  });

  test("a call that is retried has one outcome, and a fallback's answer is not one", async () => {
    await caller.to(pricing).quote(one, { retries: 2 }).orElse({ cents: 1 });
    expect(caller.status.counts).toMatchObject({ calls: 1, retries: 2, degraded: 1, outcomes: { absent: 1, ok: 0 } });
    expect(events).toHaveLength(1);
  });

  test("figures are a snapshot", async () => {
    const { counts, peers } = caller.status;
    await caller.to(pricing).quote(one);
    expect([counts.outcomes.absent, peers]).toEqual([0, []]);
  });

  test("a renamed output is an error in the caller's log, which names the field and no value", async () => {
    await renaming(broker);
    for (let n = 0; n < 500; n++) await caller.to(pricing).quote(one).orElse({ cents: 0 });
    expect(lines.slice(1)).toMatchObject([
      {
        level: "error",
        msg: "a call failed because the contracts of both sides differ; compare their versions",
        address: "pricing.quote",
        reason: "invalid-reply",
        fields: ["cents"],
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain("4711");
    expect(caller.status.counts).toMatchObject({ degraded: 500, outcomes: { "invalid-reply": 500 } });
  });

  test.each(Object.entries(ways))(
    "a renamed output is an error in the owner's log, too, from the second call to %s on",
    async (_, send) => {
      const { service, lines: its, complaints, told } = await renaming(broker);
      const { instance } = service.status;
      await send(caller, instance);
      expect([complaints(), service.status.counts.unreadableReplies]).toEqual([[], 0]);
      for (let n = 0; n < 3; n++) await send(caller, instance);
      const claim = { from: `caller/${caller.status.instance}`, fields: ["cents"] };
      expect(complaints()).toMatchObject([{ level: "error", address: "pricing.quote", ...claim }]);
      expect(told).toEqual([{ address: "pricing.quote", ...claim }]);
      expect(service.status.counts.unreadableReplies).toBe(1);
      expect(caller.status.counts.outcomes).toMatchObject({ ok: 0, "invalid-reply": 4 });
      expect(JSON.stringify([lines, its])).not.toContain("4711");
    },
  );

  test("no call is too large because it tells the owner about a reply; the next one does", async () => {
    const { service } = await renaming(broker);
    const limit = 1_024 * 1_024;
    const ask = (length: number) => caller.to(pricing).quote({ sku: "x".repeat(length), quantity: 1 });
    let excess = 0;
    try {
      ask(limit);
    } catch (error) {
      if (error instanceof TooLarge) excess = error.size - error.limit;
    }
    await ask(1);
    expect(await ask(limit - excess)).toMatchObject({ reason: "invalid-reply" });
    expect(service.status.counts.unreadableReplies).toBe(0);
    await ask(1);
    expect(service.status.counts.unreadableReplies).toBe(1);
  });

  describe("what anybody claims about replies", () => {
    let service: Bus;
    let complaints: () => LogLine[];
    let claim: (fields: string) => Promise<unknown>;
    beforeEach(async () => {
      const { logger, lines: its } = keptLog("info");
      complaints = () => its.filter(({ msg }) => msg === unreadable);
      service = await serving(broker, {}, { logger });
      const client = await plainClient(broker);
      claim = async (fields) => {
        const headers = natsHeaders();
        headers.set("Muove-Invalid-Reply", fields);
        return (await client.request("muove.pricing.quote", JSON.stringify(one), { headers, timeout: 5_000 })).json();
      };
    });

    test("is cleaned, or counts as missing if it is malformed, and the call is answered", async () => {
      const malformed = ["a,,b", "%", "x".repeat(5_000), "1,2,3,4,5,6,7,8,9"];
      for (const fields of [...malformed, `%1B[31mred,%0D%0A,${"y".repeat(900)}`]) {
        expect(await claim(fields)).toEqual({ cents: 100 });
      }
      expect(service.status.counts.unreadableReplies).toBe(1);
      expect(complaints()).toMatchObject([{ level: "error", fields: ["red", " ", `${"y".repeat(63)}…`] }]);
    });

    test("is a line a second, however many say it, and whatever they say", async () => {
      const started = performance.now();
      await Promise.all(Array.from({ length: 200 }, (_, n) => claim(`field${n}`)));
      expect(service.status.counts.unreadableReplies).toBe(200);
      expect(complaints().length).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - started) / 1_000));
    });
  });

  test("a refused input is a line in both logs, which name the field and no value", async () => {
    const code = z.string().refine((text) => text.length < 3, { error: ({ input }) => `${input} is too long` });
    const strict = mailbox("shop", { buy: call({ input: z.object({ code }), timeout: 5_000 }) });
    const lax = mailbox("shop", { buy: call({ input: z.object({ code: z.string() }), timeout: 5_000 }) });
    const kept = keptLog("info");
    const service = openBus(broker, { service: "shop", logger: kept.logger });
    service.serve(strict, { buy: () => {} });
    await untilOpen(service);
    expect(await caller.to(lax).buy({ code: "secret-4711" })).toMatchObject({ reason: "rejected" });
    expect(lines.at(-1)).toMatchObject({ level: "error", address: "shop.buy", reason: "rejected", fields: ["code"] });
    const from = `caller/${caller.status.instance}`;
    expect(kept.lines.at(-1)).toMatchObject({ level: "error", address: "shop.buy", from, fields: ["code"] });
    expect(JSON.stringify([lines, kept.lines])).not.toContain("4711");
  });

  test("a refused cast is an error in its owner's log and figures, and garbage of other clients cannot hide it", async () => {
    const kept = keptLog("info");
    const service = openBus(broker, { service: "shop", logger: kept.logger });
    service.serve(mailbox("shop", { note: cast({ input: z.object({ text: z.string() }) }) }), { note: () => {} });
    await untilOpen(service);
    const client = await plainClient(broker);
    client.publish("muove.shop.note", "garbage");
    await client.flush();
    const older = mailbox("shop", { note: cast({ input: z.object({ body: z.string() }) }) });
    expect(caller.to(older).note({ body: "a" })).toMatchObject({ status: "sent" });
    await until("both are refused", () => service.status.counts.rejected === 2);
    const refused = kept.lines.filter(({ msg }) => msg.startsWith("rejected"));
    expect(refused).toMatchObject([
      { level: "warn", address: "shop.note", fields: ["(root)"] },
      { level: "error", address: "shop.note", from: `caller/${caller.status.instance}`, fields: ["text"] },
    ]);
  });

  test("a message that the instance does not know is a line in both logs", async () => {
    const kept = keptLog("info");
    const service = await serving(broker, {}, { logger: kept.logger });
    const newer = mailbox("pricing", { margin: call({ timeout: 5_000 }) });
    const to: Address = { instance: service.status.instance };
    expect(await caller.to(newer, to).margin()).toMatchObject({ reason: "unknown-message" });
    expect(lines.at(-1)).toMatchObject({ level: "error", reason: "unknown-message" });
    const from = `caller/${caller.status.instance}`;
    expect(kept.lines.at(-1)).toMatchObject({ msg: "rejected an unknown message", address: "pricing.margin", from });
  });

  test("dead letters are counted by reason", async () => {
    const notes = mailbox("notes", { kept: cast() });
    caller.to(notes).kept();
    await until("it came back", () => caller.status.counts.deadLetters === 1);
    await broker.kill();
    await until("it is cut off", () => caller.status.connection.state === "down");
    caller.to(notes).kept();
    expect(caller.status.counts.deadLettersByReason).toMatchObject({ absent: 1, unreachable: 1, forbidden: 0 });
  });
});
