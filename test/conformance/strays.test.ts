// Messages at an inbox that are no reply, or no longer one (F13, F24).

import { call, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { RawClient } from "../support/raw-client.js";
import { until } from "../support/until.js";
import { connected, gate, pair, serving } from "./support/buses.js";
import { answering, plainClient } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

const acknowledgement = '{"stream":"AUDIT", "seq":1}';
const refusal =
  '{"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"},"stream":"AUDIT","seq":0}';

const streamAndSeq = z.object({ stream: z.string(), seq: z.int() });

describeOnEachBroker((kind) => {
  describe("a stray reply", () => {
    test("that comes late is dropped and counted, and affects no later call", async () => {
      const end = gate();
      const { caller, prices } = await pair(await kind.start(), {
        quote: async () => {
          await end.passed;
          return { cents: 666 };
        },
      });
      // Muove does not answer after the deadline, unless the reply is already on its way.
      expect(await prices.quote(one, { timeout: 30 })).toMatchObject({ reason: "timeout" });
      end.open();
      expect(await prices.count()).toMatchObject({ status: "ok", value: 1 });
      await until("the late reply has come", () => caller.status.counts.strayReplies === 1);
      expect(caller.status.pending).toBe(0);
    });

    test("that repeats a reply is dropped and counted", async () => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      client.subscribe("muove.pricing.count", {
        callback: (_, msg) => {
          for (const answer of ["1", "2", "3"]) msg.respond(answer);
        },
      });
      await client.flush();
      const caller = await connected(broker);
      expect(await caller.to(pricing).count()).toMatchObject({ status: "ok", value: 1 });
      await until("the repeats have come", () => caller.status.counts.strayReplies === 2);
    });

    test("that was never requested is dropped and counted", async () => {
      const broker = await kind.start();
      const [client, caller] = [await plainClient(broker), await connected(broker)];
      const inbox = `_INBOX_muove.caller.${caller.status.instance}`;
      for (let i = 0; i < 1_000; i++) client.publish(`${inbox}.z${i}`, "{}");
      await until("all have come", () => caller.status.counts.strayReplies === 1_000);
      expect(await caller.to(pricing).count()).toMatchObject({ reason: "absent" });
    });
  });

  describe.each(["msgpack", "json"] as const)(
    "a stream that acknowledges every request of a %s bus (F24)",
    (encoding) => {
      /** A pricing service, and a client that acknowledges every request first, as a stream does. */
      async function captured(said: string) {
        const broker = await kind.start();
        const stream = await plainClient(broker);
        stream.subscribe("muove.>", { callback: (_, msg) => void msg.respond(said) });
        await stream.flush();
        const first = gate();
        const slow = async <T>(value: T): Promise<T> => {
          await first.passed;
          return value;
        };
        await serving(broker, {
          quote: () => slow({ cents: 5 }),
          tell: () => slow(undefined),
          ping: () => slow(undefined),
          echo: slow,
        });
        const caller = await connected(broker, { encoding });
        return { caller, first };
      }

      test.each([
        ["an acknowledgement", acknowledgement],
        ["a refusal because it is full", refusal],
      ])("does not answer calls: %s is ignored", async (_, said) => {
        const { caller, first } = await captured(said);
        const answer = caller.to(pricing).quote(one);
        await until("the acknowledgement has come", () => caller.status.counts.streamAcknowledgements === 1);
        first.open();
        expect(await answer).toMatchObject({ status: "ok", value: { cents: 5 } });
      });

      test.each(["ping", "tell"] as const)("does not answer calls without an output: %s", async (message) => {
        const { caller, first } = await captured(acknowledgement);
        const prices = caller.to(pricing);
        const answer = message === "ping" ? prices.ping() : prices.tell("a");
        let over = false;
        void answer.then(() => {
          over = true;
        });
        await until("the acknowledgement has come", () => over || caller.status.counts.streamAcknowledgements === 1);
        expect(over).toBe(false);
        first.open();
        expect(await answer).toMatchObject({ status: "ok", value: undefined });
      });

      test("does not make a cast a dead letter", async () => {
        const { caller } = await captured(acknowledgement);
        caller.to(pricing).repriced({ sku: "a" });
        await until("it is confirmed", () => caller.status.pending === 0);
        expect(caller.status.counts.deadLetters).toBe(0);
      });
    },
  );

  test.each(["msgpack", "json"] as const)(
    "a stream's acknowledgement is no answer to a call of a %s bus, whatever its contract allows",
    async (encoding) => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      await answering(client, "muove.any.>", acknowledgement);
      const anything = { unknown: z.unknown(), any: z.any(), loose: z.looseObject({}), own: streamAndSeq };
      for (const [name, output] of Object.entries(anything)) {
        const any = mailbox("any", { [name]: call({ input: z.string(), output, timeout: 100 }) });
        const caller = await connected(broker, { encoding });
        const { [name]: ask } = caller.to(any);
        expect(await ask?.("a"), name).toMatchObject({ status: "unavailable", reason: "timeout" });
        expect(caller.status.counts.streamAcknowledgements).toBe(1);
      }
    },
  );

  test.each(["msgpack", "json"] as const)(
    "a reply that looks like an acknowledgement is an answer to a %s bus if it is signed",
    async (encoding) => {
      const broker = await kind.start();
      const client = await plainClient(broker);
      await answering(client, "muove.audit.last", acknowledgement, { "Muove-From": "audit/1" });
      const audit = mailbox("audit", { last: call({ input: z.string(), output: streamAndSeq, timeout: 5_000 }) });
      const caller = await connected(broker, { encoding });
      expect(await caller.to(audit).last("A")).toMatchObject({ status: "ok", value: { stream: "AUDIT", seq: 1 } });
    },
  );

  test.each(["msgpack", "json"] as const)("a service on a %s bus signs such replies by itself", async (encoding) => {
    const audit = mailbox("audit", {
      last: call({ input: z.string(), output: streamAndSeq, timeout: 5_000 }),
      note: call({ output: streamAndSeq.extend({ note: z.string().optional() }), timeout: 5_000 }),
    });
    const bus = await connected(await kind.start(), { encoding });
    bus.serve(audit, {
      last: (stream) => ({ stream, seq: 1 }),
      note: () => ({ stream: "A", seq: 1, note: undefined }),
    });
    await until("it is open", () => bus.status.mailboxes[0]?.state === "open");
    expect(await bus.to(audit).last("A")).toMatchObject({ status: "ok", value: { stream: "A", seq: 1 } });
    expect(await bus.to(audit).note()).toMatchObject({ status: "ok", value: { stream: "A", seq: 1 } });
  });

  describe("a status that no service sends", () => {
    test.each([
      ["NATS/1.0 503 No Responders\r\n\r\n", "503 No Responders"],
      ["NATS/1.0 503\r\nX: y\r\n\r\n", "503"],
      ["NATS/1.0 404 No Messages\r\n\r\n", "404 No Messages"],
      ["NATS/1.0 \x1b[31m100 Idle\r\n\r\n", "100 Idle"],
    ])("is an invalid reply, neither absent nor an empty answer: %j", async (block, told) => {
      const broker = await kind.start();
      const client = await RawClient.open(broker.port);
      onTestFinished(() => client.close());
      client.send('CONNECT {"verbose":false,"headers":true}\r\nSUB muove.pricing.ping q 1\r\n');
      await client.fence();
      const caller = await connected(broker);
      const outcome = caller.to(pricing).ping();
      const request = (): string | undefined => client.frames.find(({ verb }) => verb === "HMSG")?.line;
      await client.until(() => request() !== undefined);
      const reply = request()?.split(" ")[3];
      client.send(`HPUB ${reply} ${block.length} ${block.length}\r\n${block}\r\n`);
      expect(await outcome).toMatchObject({ reason: "invalid-reply", delivered: "yes" });
      expect(await outcome).toMatchObject({
        issues: [{ message: `the status ${told}, which no service says`, path: [] }],
      });
    });
  });
});
