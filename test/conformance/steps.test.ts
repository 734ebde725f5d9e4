// Steps around handlers and around what is sent (bus.use), over TCP.

import { AsyncLocalStorage } from "node:async_hooks";
import { type Bus, call, cast, event, InvalidOptions, mailbox, type Steps } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, openBus, untilOpen } from "./support/buses.js";

const desk = mailbox("desk", {
  ask: call({ input: z.string(), output: z.string(), errors: { SHUT: z.object({ until: z.int() }) }, timeout: 5_000 }),
  tell: cast({ input: z.string() }),
  told: event({ input: z.string() }),
});

const storage = new AsyncLocalStorage<string>();

async function opened(broker: Broker, steps: readonly Steps[], ask: (input: string) => string | Promise<string>) {
  const [service, caller] = [openBus(broker, { service: "desk" }), await connected(broker)];
  const seen: string[] = [];
  for (const step of steps) service.use(step);
  const own = service.serve(desk, { ask: (input) => ask(input), tell: (input) => void seen.push(`tell ${input}`) });
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
