// Steps around handlers and around what is sent (bus.use), over TCP.

import { AsyncLocalStorage } from "node:async_hooks";
import { type Bus, call, cast, event, InvalidOptions, mailbox, type Steps } from "muove";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";

const desk = mailbox("desk", {
  ask: call({ input: z.string(), output: z.string(), errors: { SHUT: z.object({ until: z.int() }) }, timeout: 5_000 }),
  close: call({ input: z.string(), timeout: 5_000 }),
  tell: cast({ input: z.string() }),
  told: event({ input: z.string() }),
});

const storage = new AsyncLocalStorage<string>();

async function opened(broker: Broker, steps: readonly Steps[], ask: (input: string) => string | Promise<string>) {
  const [service, caller] = [openBus(broker, { service: "desk" }), await connected(broker)];
  const seen: string[] = [];
  for (const step of steps) service.use(step);
  const own = service.serve(desk, {
    ask: (input) => ask(input),
    close: () => {},
    tell: (input) => void seen.push(`tell ${input}`),
  });
  service.on(desk.events.told, (input) => void seen.push(`told ${input}`));
  await untilOpen(service);
  await until("it listens", () => service.status.listeners.every(({ state }) => state === "open"));
  return { service, caller, own, seen };
}

const echo = (input: string): string => input;

describeOnEachBroker((kind) => {
  describe("a step around handlers", () => {
    test("sees each message, and what its handler gives; the first one is the outermost", async () => {
      const notes: string[] = [];
      const step = (name: string): Steps => ({
        async handle(ctx, next) {
          notes.push(`${name} ${ctx.kind} ${ctx.address} ${ctx.input} ${ctx.key} ${ctx.from?.split("/")[0]}`);
          const answer = await next();
          notes.push(`${name} ${answer}`);
          return answer;
        },
      });
      const { caller, own, seen } = await opened(await kind.start(), [step("outer"), step("inner")], echo);
      expect(await caller.to(desk, { key: "k" }).ask("a")).toMatchObject({ status: "ok", value: "a" });
      expect(notes).toEqual(["outer call desk.ask a k caller", "inner call desk.ask a k caller", "inner a", "outer a"]);
      notes.length = 0;
      caller.to(desk).tell("b");
      await until("it is handled", () => notes.length === 4);
      own.publish.told("c");
      await until("both are handled", () => notes.length === 8);
      expect(notes[0]).toBe("outer cast desk.tell b undefined caller");
      expect(notes[4]).toBe("outer event desk.told c undefined desk");
      expect(seen).toEqual(["tell b", "told c"]);
    });

    test("may run the handler in a context, answer in its place, and change its answer", async () => {
      const steps: Steps[] = [
        { handle: (ctx, next) => storage.run(`of ${ctx.input}`, next) },
        { handle: (ctx, next) => (ctx.input === "known" ? "from the step" : next()) },
        { handle: (_, next) => `${next()}!` },
      ];
      const { caller } = await opened(await kind.start(), steps, () => storage.getStore() ?? "none");
      expect(await caller.to(desk).ask("a")).toMatchObject({ value: "of a!" });
      expect(await caller.to(desk).ask("known")).toMatchObject({ value: "from the step" });
    });

    test("refuses what has not been handled: refused/no, counted and told of", async () => {
      const handled: string[] = [];
      const step: Steps = {
        async handle(ctx, next) {
          await Promise.resolve();
          if (ctx.input !== "good") ctx.refuse("not with me\u001b[31m");
          return next();
        },
      };
      const { service, caller, own, seen } = await opened(await kind.start(), [step], (input) => {
        handled.push(input);
        return input;
      });
      const refused: unknown[] = [];
      service.on("refused", (event) => void refused.push(event));
      expect(await caller.to(desk).ask("bad")).toMatchObject({
        status: "faulty",
        reason: "refused",
        delivered: "no",
        text: expect.stringMatching(/^not with me\P{Cc}*$/u),
      });
      caller.to(desk).tell("bad");
      own.publish.told("bad");
      await until("all are refused", () => refused.length === 3);
      const from = `caller/${caller.status.instance}`;
      expect(refused[0]).toEqual({ address: "desk.ask", text: expect.stringMatching(/^not with me/), from });
      expect(service.status.counts).toMatchObject({ refused: 3, rejected: 0, crashed: 0 });
      expect(await caller.to(desk).ask("good")).toMatchObject({ status: "ok" });
      expect([handled, seen]).toEqual([["good"], []]);
    });

    test("refuses a caller, who misses nobody and does not ask again", async () => {
      const step: Steps = { handle: (ctx, next) => (ctx.input === "good" ? next() : ctx.refuse("not with me")) };
      const { caller } = await opened(await kind.start(), [step], echo);
      await caller.to(desk).ask("bad", { retries: 3 });
      expect(caller.status.counts).toMatchObject({ retries: 0, outcomes: { refused: 1, rejected: 0 } });
      expect(caller.health).toMatchObject({ degraded: false, missing: [] });
    });

    test("answers with an error that the contract declares", async () => {
      const step: Steps = { handle: (ctx) => ctx.fail("SHUT", { until: 9 }) };
      const { caller } = await opened(await kind.start(), [step], echo);
      expect(await caller.to(desk).ask("a")).toMatchObject({
        status: "failed",
        error: { code: "SHUT", data: { until: 9 } },
      });
    });

    test.each<[string, Steps["handle"]]>([
      ["throws", thrower],
      ["answers what the contract forbids", () => 7],
      ["declares an error that the contract does not", (ctx) => ctx.fail("OTHER")],
      ["calls next() twice", (_, next) => [next(), next()]],
      [
        "refuses what has been handled",
        async (ctx, next) => {
          await next();
          ctx.refuse("too late");
        },
      ],
    ])("is a crash when it %s", async (_, handle) => {
      const { service, caller } = await opened(await kind.start(), [{ handle }], async (input) => input);
      expect(await caller.to(desk).ask("a")).toMatchObject({ status: "faulty", reason: "crashed", delivered: "yes" });
      expect(service.status.counts).toMatchObject({ crashed: 1, refused: 0 });
    });
  });

  describe("HANDLER-STEPS-3 a step that forgets something", () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    afterEach(() => {
      process.off("unhandledRejection", note);
      expect(rejections).toEqual([]);
    });

    /** A service with one slot, whose handlers wait for the gate. */
    async function held(handle: unknown) {
      process.on("unhandledRejection", note);
      const broker = await kind.start();
      const [service, caller, done] = [openBus(broker, { service: "desk" }), await connected(broker), gate()];
      const crashes: unknown[] = [];
      let ran = 0;
      const work = async (input: string) => {
        ran++;
        await done.passed;
        if (input === "throw") throw new Error("of the handler");
        return input;
      };
      service.on("crashed", ({ error }) => void crashes.push(String(error)));
      service.use({ handle: handle as Steps["handle"] });
      const handlers = { ask: work, tell: work as never, close: work as never };
      service.serve(desk, handlers, { concurrency: 1 });
      await untilOpen(service);
      return { service, client: caller.to(desk), done, crashes, ran: () => ran };
    }

    const ended = "Error: step 1 around desk.close ended before what next() gave was done: return it, or await it";
    const without = "ended without an answer: return next(), another answer, or what ctx.fail() gives";

    test.each<[string, (ctx: unknown, next: () => unknown) => unknown]>([
      ["to return it", (_, next) => void next()],
      ["to await it", async (_, next) => void next()],
      ["to await it, and answers", (_, next) => next() !== undefined && "an answer"],
    ])("HANDLER-STEPS-2 %s is a crash once its handler is done, and holds the slot until then", async (_, handle) => {
      const { service, client, done, crashes, ran } = await held(handle);
      const outcomes = Promise.all([client.close("a"), client.close("throw")]);
      await until("the first one runs", () => ran() === 1);
      await until("the second one waits", () => service.status.mailboxes[0]?.waiting === 1);
      expect([service.status.mailboxes[0]?.running, crashes]).toEqual([1, []]);
      done.open();
      expect(await outcomes).toMatchObject([{ reason: "crashed" }, { reason: "crashed" }]);
      expect(crashes).toEqual([ended, ended]);
    });

    test("to await a handler that throws at once crashes, too, instead of answering", async () => {
      const { client, done, crashes } = await held(async (_: unknown, next: () => unknown) => void next());
      done.open();
      expect(await client.close("throw")).toMatchObject({ status: "faulty", reason: "crashed" });
      expect(crashes).toEqual([ended]);
    });

    test.each<[string, (ctx: unknown, next: () => unknown) => unknown]>([
      ["a plain one", () => undefined],
      ["an async one", async () => undefined],
    ])("to call next() is a crash that names it, for a call and for a cast: %s", async (_, handle) => {
      const named = Object.defineProperty(handle, "name", { value: "authenticate" });
      const { client, crashes, ran } = await held(named);
      expect(await client.close("a")).toMatchObject({ status: "faulty", reason: "crashed" });
      client.tell("b");
      await until("both crashed", () => crashes.length === 2);
      const step = (message: string) => `Error: step 1, authenticate, around desk.${message} ${without}`;
      expect([crashes, ran()]).toEqual([[step("close"), step("tell")], 0]);
    });

    test("HANDLER-STEPS-1 and calls next() when it has ended runs no handler", async () => {
      const late: unknown[] = [];
      const { client, ran } = await held((_: unknown, next: () => unknown) => {
        setImmediate(() => {
          try {
            next();
          } catch (error) {
            late.push(String(error));
          }
        });
        return "an answer";
      });
      expect(await client.ask("a")).toMatchObject({ value: "an answer" });
      await until("it called", () => late.length === 1);
      expect([late, ran()]).toEqual([["Error: step 1 around desk.ask called next() after it had ended"], 0]);
    });

    test("nothing may answer with nothing: what a handler without an answer gives, or after it", async () => {
      for (const handle of [
        (_: unknown, next: () => unknown) => next(),
        async (_: unknown, next: () => unknown) => await next(),
        async (_: unknown, next: () => unknown) => void (await next()),
        (_: unknown, next: () => Promise<unknown>) => next().then(() => undefined),
      ]) {
        const { client, done, crashes } = await held(handle);
        done.open();
        expect([await client.close("a"), crashes]).toMatchObject([{ status: "ok" }, []]);
      }
    });
  });

  describe("a step around what is sent", () => {
    test("sees each message before it leaves, and what became of it, in its sender's context", async () => {
      const broker = await kind.start();
      const { caller, service, own } = await opened(broker, [], echo);
      const notes: unknown[] = [];
      for (const bus of [caller, service]) {
        bus.use({
          send: ({ kind: what, address, input, meta }) => {
            notes.push(`${what} ${address} ${input} ${JSON.stringify(meta)}`);
            return { settled: (result) => void notes.push(`${address} ${result.status} ${storage.getStore()}`) };
          },
        });
      }
      await storage.run("a tenant", () => caller.to(desk).ask("a"));
      storage.run("a tenant", () => caller.to(desk, { instance: "gone" }).tell("b"));
      storage.run("an owner", () => own.publish.told("c"));
      await storage.run("a tenant", () =>
        caller
          .to(desk, { tags: { none: "such" } })
          .ask("d")
          .orElse("e"),
      );
      expect(notes).toEqual([
        "call desk.ask a {}",
        "desk.ask ok a tenant",
        "cast desk.tell@gone b {}",
        "desk.tell@gone sent a tenant",
        "event desk.told c {}",
        "desk.told sent an owner",
        "call desk.ask@none=such d {}",
        "desk.ask@none=such unavailable a tenant",
      ]);
      notes.length = 0;
      for await (const _ of storage.run("a tenant", () => caller.toAll(desk).ask("f")));
      expect(notes).toEqual(["call desk.ask@* f {}", "desk.ask@* ok a tenant"]);
    });

    test("is the outermost if it was the first, and costs nothing else its outcome when it throws afterwards", async () => {
      const { caller } = await opened(await kind.start(), [], echo);
      const notes: string[] = [];
      for (const name of ["outer", "inner"]) {
        caller.use({
          send() {
            notes.push(name);
            return {
              settled() {
                notes.push(`${name} settled`);
                throw new Error("on purpose");
              },
            };
          },
        });
      }
      expect(await caller.to(desk).ask("a")).toMatchObject({ status: "ok" });
      expect(notes).toEqual(["outer", "inner", "inner settled", "outer settled"]);
    });

    test("that throws makes the sender throw, and nothing is sent", async () => {
      const { caller, service } = await opened(await kind.start(), [], echo);
      caller.use({ send: thrower });
      for (const send of [
        () => caller.to(desk).ask("a"),
        () => caller.to(desk).tell("a"),
        () => caller.toAll(desk).ask("a"),
      ])
        expect(send).toThrow("on purpose");
      expect([service.status.counts.received, caller.status.pending, caller.status.counts.calls]).toEqual([0, 0, 0]);
    });
  });

  test("only functions are steps, and metadata needs a schema", async () => {
    const bus: Bus = openBus(await kind.start());
    // @ts-expect-error no such step
    expect(() => bus.use({ sends: () => {} })).toThrow('"sends" is not an option');
    // @ts-expect-error no function
    expect(() => bus.use({ handle: {} })).toThrow(InvalidOptions);
    // @ts-expect-error no schema
    bus.use({ send: () => ({ meta: { tenant: "acme" } }) });
    expect(() => bus.to(desk).tell("a")).toThrow(/needs a schema/);
  });
});

function thrower(): never {
  throw new Error("on purpose");
}
