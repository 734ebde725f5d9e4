// The README's table of outcomes, row by row, over TCP.

import { getEventListeners } from "node:events";
import { getActiveResourcesInfo } from "node:process";
import { call, InvalidInput, InvalidOptions, mailbox, TooLarge } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, pair, serving } from "./support/buses.js";
import { answering, plainClient, silent } from "./support/plain.js";
import { one, pricing } from "./support/pricing.js";

/** For calls whose answer never comes. */
const short = { timeout: 50 };
const never = () => new Promise<never>(() => {});

describeOnEachBroker((kind) => {
  describe("a call is", () => {
    test("ok, with the handler's value", async () => {
      const { prices } = await pair(await kind.start());
      expect(await prices.quote({ sku: "a", quantity: 3 })).toEqual({
        status: "ok",
        value: { cents: 300 },
        delivered: "yes",
      });
    });

    test("ok without a value, where the contract has none", async () => {
      const { prices } = await pair(await kind.start());
      expect(await prices.ping()).toEqual({ status: "ok", value: undefined, delivered: "yes" });
    });

    test("ok with the parsed output, so unknown keys do not leak", async () => {
      const leaky = { cents: 1, secret: "margin" };
      const { prices } = await pair(await kind.start(), { quote: () => leaky });
      expect(await prices.quote(one)).toMatchObject({ value: { cents: 1 } });
      expect(JSON.stringify(await prices.quote(one))).not.toContain("margin");
    });

    test("failed, with the code and data of the contract", async () => {
      const { prices } = await pair(await kind.start(), { quote: (_, ctx) => ctx.fail("SOLD_OUT", { until: "May" }) });
      expect(await prices.quote(one)).toMatchObject({
        status: "failed",
        error: { code: "SOLD_OUT", data: { until: "May" } },
        delivered: "yes",
        address: "pricing.quote",
      });
    });

    test("failed without data, where the contract has none", async () => {
      const { prices } = await pair(await kind.start(), { quote: async (_, ctx) => ctx.fail("GONE") });
      expect(await prices.quote(one)).toMatchObject({ status: "failed", error: { code: "GONE", data: undefined } });
    });

    test("absent/no when nobody listens", async () => {
      const caller = await connected(await kind.start());
      expect(await caller.to(pricing).quote(one)).toMatchObject({
        status: "unavailable",
        reason: "absent",
        delivered: "no",
        address: "pricing.quote",
      });
    });

    test("timeout/maybe when no answer comes by the deadline", async () => {
      const { prices } = await pair(await kind.start(), { quote: never });
      const started = performance.now();
      expect(await prices.quote(one, short)).toMatchObject({ reason: "timeout", delivered: "maybe" });
      expect(performance.now() - started).toBeGreaterThanOrEqual(short.timeout - 1);
    });

    test("forbidden/no when the permissions refuse its subject, which the bus reports", async () => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { publish: ["muove.pricing.quote"] } }] });
      const caller = await connected(broker, { credentials: { user: "limited", pass: "limited" } });
      const forbidden = vi.fn();
      caller.on("forbidden", forbidden);
      expect(await caller.to(pricing).quote(one)).toMatchObject({ reason: "forbidden", delivered: "no" });
      expect(forbidden).toHaveBeenCalledExactlyOnceWith({
        operation: "publish",
        subject: "muove.pricing.quote",
        reason: "permissions",
      });
      expect(await caller.to(pricing).ping()).toMatchObject({ reason: "absent" });
    });

    test("forbidden/no when the permissions refuse the inbox, as no answer could come", async () => {
      const broker = await kind.start({ users: [{ name: "deaf", denied: { subscribe: ["_INBOX_muove.caller.>"] } }] });
      const caller = await connected(broker, { credentials: { user: "deaf", pass: "deaf" } });
      expect(await caller.to(pricing).quote(one)).toMatchObject({ reason: "forbidden", delivered: "no" });
    });

    test("expired/no when no time is left, and is not sent", async () => {
      const { service, caller } = await pair(await kind.start());
      const spent = caller.within({ timeout: 1 });
      await until("the budget is spent", () => spent.remaining === 0);
      expect(await spent.to(pricing).quote(one)).toMatchObject({ reason: "expired", delivered: "no" });
      await caller.to(pricing).ping();
      expect(service.status.counts.received).toBe(1);
    });

    test("cancelled/no when its signal has already aborted, and is not sent", async () => {
      const { service, prices } = await pair(await kind.start());
      const outcome = await prices.quote(one, { signal: AbortSignal.abort() });
      expect(outcome).toMatchObject({ reason: "cancelled", delivered: "no" });
      await prices.ping();
      expect(service.status.counts.received).toBe(1);
    });

    test("cancelled/maybe when its signal aborts while it is under way", async () => {
      const begun = gate();
      const quote = () => {
        begun.open();
        return never();
      };
      const { prices } = await pair(await kind.start(), { quote });
      const controller = new AbortController();
      const answer = prices.quote(one, { signal: controller.signal });
      await begun.passed;
      controller.abort();
      expect(await answer).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    });

    test.each([
      [
        "throws",
        () => {
          throw new Error("secret detail");
        },
      ],
      [
        "rejects later",
        () => new Promise<never>((_, reject) => setImmediate(() => reject(new Error("secret detail")))),
      ],
      [
        "throws undefined",
        () => {
          throw undefined;
        },
      ],
      [
        "throws what cannot be inspected",
        () => {
          throw new Proxy(
            {},
            {
              get: () => {
                throw new Error("no");
              },
            },
          );
        },
      ],
      ["returns what the contract forbids", () => ({ cents: "secret detail" }) as never],
      ["returns what cannot be encoded", () => ({ cents: () => "secret detail" }) as never],
      [
        "fails with a code that the contract does not declare",
        (_: unknown, ctx: unknown) => (ctx as { fail(code: string): never }).fail("SECRET_DETAIL"),
      ],
      [
        "fails with data that the contract forbids",
        (_: unknown, ctx: unknown) => (ctx as { fail(...given: unknown[]): never }).fail("SOLD_OUT", 1),
      ],
    ])("crashed when the handler %s, without internals, and the service lives", async (_, quote) => {
      const { service, prices } = await pair(await kind.start(), { quote });
      const crashed = vi.fn();
      service.on("crashed", crashed);
      const outcome = await prices.quote(one);
      expect(outcome).toMatchObject({ status: "faulty", reason: "crashed", delivered: "yes", id: expect.any(String) });
      expect(JSON.stringify(outcome).toLowerCase()).not.toContain("secret");
      expect(crashed).toHaveBeenCalledOnce();
      expect(crashed.mock.calls[0]?.[0]).toMatchObject({
        address: "pricing.quote",
        id: (outcome as { id?: string }).id,
      });
      expect(await prices.ping()).toMatchObject({ status: "ok" });
    });

    test("reply-too-large when the answer does not fit into a message of this server", async () => {
      const { prices } = await pair(await kind.start({ maxPayload: 4_096 }), { echo: () => "x".repeat(5_000) });
      const outcome = await prices.echo(1);
      expect(outcome).toMatchObject({ status: "faulty", reason: "reply-too-large", delivered: "yes" });
      expect((outcome as { message: string }).message).toMatch(/pricing\.echo answered with 50\d\d bytes .* 4096/);
    });

    test.each([4_000, 4_090, 4_094, 4_095, 4_096, 4_097])(
      "ok or reply-too-large close to the server's limit, and never breaks the connection: %i bytes",
      async (length) => {
        const { service, prices } = await pair(await kind.start({ maxPayload: 4_096 }), {
          echo: () => "x".repeat(length),
        });
        const disconnected = vi.fn();
        service.on("disconnected", disconnected);
        const { status } = await prices.echo(1);
        expect(status).toBe(length + 3 <= 4_096 ? "ok" : "faulty"); // MessagePack adds three bytes to a text of this length.
        expect(disconnected).not.toHaveBeenCalled();
      },
    );
  });

  describe("between versions of a contract, a call is", () => {
    /** The contract of another version, under the same names. */
    const skewed = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
      mailbox("pricing", { quote: call({ input, output: output as never }) });

    test("rejected/no, with issues, when the callee refuses what our contract allows", async () => {
      const broker = await kind.start();
      const [newer, caller] = [openBus(broker), await connected(broker)];
      const rejected = vi.fn();
      newer.on("rejected", rejected);
      newer.serve(skewed(z.object({ sku: z.string(), region: z.string() }), z.unknown()), { quote: () => 1 as never });
      await until("it is open", () => newer.status.mailboxes[0]?.state === "open");
      const issues = [{ message: expect.any(String), path: ["region"] }];
      expect(await caller.to(pricing).quote(one)).toMatchObject({
        status: "faulty",
        reason: "rejected",
        delivered: "no",
        issues,
      });
      expect(rejected.mock.calls[0]?.[0]).toMatchObject({
        address: "pricing.quote",
        issues,
        from: expect.stringMatching(/^caller\//),
      });
    });

    test("rejected/no when the callee's schema throws, instead of a timeout", async () => {
      const broker = await kind.start();
      const [newer, caller] = [openBus(broker), await connected(broker)];
      const throwing = z.unknown().transform(() => {
        throw new Error("a bug in the schema");
      });
      newer.serve(skewed(throwing, z.unknown()), { quote: () => 1 as never });
      await until("it is open", () => newer.status.mailboxes[0]?.state === "open");
      expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "faulty", delivered: "no" });
    });

    test("rejected/no, not reply-too-large, however many issues there are", async () => {
      const broker = await kind.start();
      const [newer, caller] = [openBus(broker), await connected(broker)];
      newer.serve(mailbox("pricing", { echo: call({ input: z.array(z.object({ a: z.string() })) }) }), {
        echo: () => {},
      });
      await until("it is open", () => newer.status.mailboxes[0]?.state === "open");
      const outcome = await caller.to(pricing).echo(Array.from({ length: 50_000 }, () => 1));
      const issue = { message: expect.any(String), path: [0] };
      expect(outcome).toMatchObject({ reason: "rejected", delivered: "no", issues: expect.arrayContaining([issue]) });
    });

    test("invalid-reply, with issues, when the answer breaks our contract", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      await answering(await plainClient(broker), "muove.pricing.quote", '{"cents":"12"}');
      expect(await caller.to(pricing).quote(one)).toMatchObject({
        status: "faulty",
        reason: "invalid-reply",
        delivered: "yes",
        issues: [{ path: ["cents"] }],
      });
    });

    test.each([
      ["bytes of neither encoding", new Uint8Array([0xc1, 0xff])],
      ["text that is not JSON", "{"],
      ["empty", ""],
      ["a key that could change a prototype", '{"__proto__":{"cents":1}}'],
    ])("invalid-reply when the answer is %s", async (_, payload) => {
      const broker = await kind.start();
      const caller = await connected(broker);
      await answering(await plainClient(broker), "muove.pricing.quote", payload);
      expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "faulty", reason: "invalid-reply" });
    });

    test("invalid-reply when it failed with a code that our contract does not declare", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      const client = await plainClient(broker);
      await answering(client, "muove.pricing.quote", "{}", { "Muove-Status": "failed", "Muove-Code": "EXPIRED" });
      await answering(client, "muove.pricing.echo", "{}", { "Muove-Status": "failed", "Muove-Code": "constructor" });
      expect(await caller.to(pricing).quote(one)).toMatchObject({ reason: "invalid-reply", delivered: "yes" });
      expect(await caller.to(pricing).echo(1)).toMatchObject({ reason: "invalid-reply", delivered: "yes" });
    });

    test("faulty when a newer peer answers with a status that we do not know", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      const client = await plainClient(broker);
      await answering(client, "muove.pricing.quote", '{"cents":1}', { "Muove-Status": "postponed" });
      await answering(client, "muove.pricing.count", "1", {
        "Nats-Service-Error": "no",
        "Nats-Service-Error-Code": "500",
      });
      expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "faulty", delivered: "yes" });
      expect(await caller.to(pricing).count()).toMatchObject({ status: "faulty", delivered: "yes" });
    });

    test.each([
      ["unknown-message", { status: "faulty", reason: "unknown-message", delivered: "no" }],
      ["overloaded", { status: "unavailable", reason: "overloaded", delivered: "no", retryAfter: 40 }],
      ["draining", { status: "unavailable", reason: "draining", delivered: "no" }],
      ["crashed", { status: "faulty", reason: "crashed", delivered: "yes" }],
      ["rejected", { status: "faulty", reason: "rejected", delivered: "no", issues: [] }],
    ])("%s when a peer of any language answers with that status", async (status, outcome) => {
      const broker = await kind.start();
      const caller = await connected(broker);
      await answering(await plainClient(broker), "muove.pricing.quote", "", {
        "Muove-Status": status,
        "Muove-Retry-After": "40",
      });
      expect(await caller.to(pricing).quote(one)).toMatchObject(outcome);
    });

    test("faulty at once when our own schema throws at the answer, instead of a timeout", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      await serving(broker);
      const output = z.unknown().transform((): unknown => {
        throw new Error("a bug in the schema");
      });
      const buggy = mailbox("pricing", { echo: call({ input: z.string(), output, timeout: 5_000 }) });
      const started = performance.now();
      expect(await caller.to(buggy).echo("a")).toMatchObject({ status: "faulty", delivered: "yes" });
      expect(performance.now() - started).toBeLessThan(4_000);
    });
  });

  describe("a programmer error is thrown before anything is sent:", () => {
    test("InvalidInput, with issues, for an input that the contract forbids", async () => {
      const { service, prices } = await pair(await kind.start());
      const error = thrownBy(() => prices.quote({ sku: "a", quantity: 0 }));
      expect(error).toBeInstanceOf(InvalidInput);
      expect(error).toMatchObject({ issues: [{ path: ["quantity"] }] });
      expect(error.message).toMatch(/^pricing\.quote was not sent.*quantity: /);
      expect(thrownBy(() => prices.repriced({ sku: 1 } as never))).toBeInstanceOf(InvalidInput);
      await prices.ping();
      expect(service.status.counts.received).toBe(1);
    });

    test("InvalidInput, with its path, for an input that cannot be encoded", async () => {
      const { prices } = await pair(await kind.start());
      expect(thrownBy(() => prices.echo({ a: [() => {}] }))).toBeInstanceOf(InvalidInput);
      expect(thrownBy(() => prices.echo({ a: [() => {}] })).message).toContain(".a[0]");
    });

    test("TooLarge for a message over the server's limit, and the connection stays", async () => {
      const { prices, caller } = await pair(await kind.start({ maxPayload: 4_096 }));
      const error = thrownBy(() => prices.echo("x".repeat(5_000)));
      expect(error).toBeInstanceOf(TooLarge);
      expect(error).toMatchObject({ limit: 4_096, size: expect.any(Number) });
      expect(thrownBy(() => prices.repriced({ sku: "x".repeat(5_000) }))).toBeInstanceOf(TooLarge);
      expect(await prices.echo("x".repeat(3_000))).toMatchObject({ status: "ok" });
      expect(caller.status.connection.state).toBe("up");
    });

    test("InvalidOptions, with all problems, for wrong options", async () => {
      const { prices } = await pair(await kind.start());
      const wrong = { timeout: -1, signal: {}, deadline: 5 } as never;
      expect(thrownBy(() => prices.quote(one, wrong))).toBeInstanceOf(InvalidOptions);
      expect(thrownBy(() => prices.quote(one, wrong)).message).toMatch(
        /timeout must.*\n.*signal must.*\n.*"deadline" is not/,
      );
    });

    test("with a stack that begins at the caller's line", async () => {
      const { prices } = await pair(await kind.start());
      const error = thrownBy(() => theCallersLine(prices));
      expect(error.stack?.split("\n").find((line) => line.startsWith("    at "))).toContain("theCallersLine");
    });
  });

  describe("ATTEMPT-1 calls that have ended leave nothing behind:", () => {
    const endings = ["ok", "absent", "timeout", "cancelled"] as const;
    /** Enough to tell a timer for each call from the timers of the client and the test runner. */
    const calls = 100;

    test.each(endings)(
      "neither timers nor abort listeners nor pending entries in the inbox, after %s",
      async (ending) => {
        const broker = await kind.start();
        const caller = await connected(broker);
        if (ending === "ok") await serving(broker);
        else if (ending !== "absent") await silent(await plainClient(broker), "muove.pricing.quote");
        const controller = new AbortController();
        const { signal } = controller;
        const prices = caller.within({ timeout: 120_000, signal }).to(pricing);
        const options = { timeout: ending === "timeout" ? 50 : 60_000, signal: new AbortController().signal };
        const before = timers();
        const answers = Array.from({ length: calls }, () => prices.quote(one, options));
        expect(caller.status.pending).toBe(calls);
        expect(timers()).toBeLessThan(before + calls / 2); // One timer for all of them.
        for (const each of [signal, options.signal]) expect(getEventListeners(each, "abort")).toHaveLength(1); // One for all of them.
        if (ending === "cancelled") controller.abort();
        for (const outcome of await Promise.all(answers)) {
          expect("reason" in outcome ? outcome.reason : outcome.status).toBe(ending);
        }
        expect(caller.status.pending).toBe(0);
        expect(timers()).toBeLessThan(before + calls / 2);
        for (const each of [signal, options.signal]) expect(getEventListeners(each, "abort")).toEqual([]);
      },
    );
  });

  test("a call never rejects: then, catch and Promise.all see outcomes only", async () => {
    const broker = await kind.start();
    const caller = openBus({ url: "127.0.0.1:1" });
    const prices = (await connected(broker)).to(pricing);
    const all = Promise.all([prices.quote(one), prices.ping(), caller.to(pricing).ping()]);
    expect((await all).map((outcome) => ("reason" in outcome ? outcome.reason : ""))).toEqual([
      "absent",
      "absent",
      "unreachable",
    ]);
    await expect(prices.quote(one).orThrow()).rejects.toMatchObject({ code: "MUOVE_CALL_UNAVAILABLE" });
  });
});

function theCallersLine(prices: { quote(input: typeof one): unknown }): unknown {
  return prices.quote({ sku: "a", quantity: 0 });
}

function thrownBy(mistake: () => unknown): Error {
  try {
    mistake();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

const timers = (): number => getActiveResourcesInfo().filter((name) => name === "Timeout").length;
