// What becomes of handlers that run, and of their callers, when the time of a close() or a stop() is over (F11).

import { setTimeout as sleep } from "node:timers/promises";
import { type Bus, type Context, call, cast, connect, event, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { keptLog } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";
import { plainClient, serviceError } from "./support/plain.js";

const work = mailbox("work", {
  go: call({ input: z.string().optional(), output: z.string(), timeout: 30_000 }),
  quick: call({ timeout: 50, handlerTimeout: 30_000 }),
  hasty: call({ timeout: 5_000, handlerTimeout: 50 }),
  start: cast(),
  done: event(),
});

/** What the handlers do when their signal aborts. */
type Behaviour = (ctx: Context) => Promise<string>;

const ignoring: Behaviour = () => new Promise<never>(() => {});
const aborted = ({ signal }: Pick<Context, "signal">): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
const givingUp: Behaviour = async (ctx) => Promise.reject(await aborted(ctx));
const answering: Behaviour = async (ctx) => {
  await aborted(ctx);
  return "what there is so far";
};
const failing: Behaviour = async (ctx) => {
  await aborted(ctx);
  throw new Error("a mistake");
};

async function service(broker: Broker, behave: Behaviour) {
  const { lines, logger } = keptLog();
  const bus = connect({ service: "work", servers: broker.url, logger });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const contexts: Context[] = [];
  const handle = async (_: unknown, ctx: unknown): Promise<string> => {
    contexts.push(ctx as Context);
    return behave(ctx as Context);
  };
  const handlers = { go: handle, quick: handle as never, hasty: handle as never, start: handle as never };
  const served = bus.serve(work, handlers, { concurrency: 2, backlog: 8 });
  await untilOpen(bus);
  const running = (count: number) => until(`${count} run`, () => contexts.length === count);
  return { bus, served, lines, contexts, running };
}

const warnings = (lines: readonly object[]) =>
  lines.filter((line) => "msg" in line && line.msg === "closing before all handlers have finished");

const waited = (lines: readonly object[]) => (warnings(lines)[0] as { waited?: number } | undefined)?.waited;

describeOnEachBroker((kind) => {
  describe.each([
    ["bus.close()", (bus: Bus, _: { stop(options: object): Promise<void> }) => bus.close({ timeout: 50 })],
    [
      "stop() of its mailbox",
      (_: Bus, served: { stop(options: object): Promise<void> }) => served.stop({ timeout: 50 }),
    ],
  ])("RECEIVER-3 when the time of %s is over", (_, end) => {
    test.each([
      ["runs on", ignoring],
      ["gives up", givingUp],
    ])("a handler that %s was told, and its caller gets draining/maybe at once", async (_, behave) => {
      const broker = await kind.start();
      const { bus, served, lines, contexts, running } = await service(broker, behave);
      const outcome = (await connected(broker)).to(work).go(undefined, { retries: 3 });
      await running(1);
      const begun = performance.now();
      await end(bus, served);
      expect(await outcome).toMatchObject({ status: "unavailable", reason: "draining", delivered: "maybe" });
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(contexts[0]?.signal.reason).toMatchObject({ name: "AbortError" });
      expect(bus.status.counts).toMatchObject({ interrupted: 1, crashed: 0 });
      const of = "the mailbox work";
      expect(warnings(lines)).toMatchObject([{ running: [{ of, running: 1 }], lost: 0 }]);
      expect(waited(lines)).toBeGreaterThanOrEqual(50);
    });

    test("a handler that answers then has answered", async () => {
      const broker = await kind.start();
      const { bus, served, running } = await service(broker, answering);
      const outcome = (await connected(broker)).to(work).go();
      await running(1);
      await end(bus, served);
      expect(await outcome).toMatchObject({ status: "ok", value: "what there is so far" });
    });

    test("a handler that fails for a reason of its own has crashed", async () => {
      const broker = await kind.start();
      const { bus, served, running } = await service(broker, failing);
      const outcome = (await connected(broker)).to(work).go();
      await running(1);
      await end(bus, served);
      expect(await outcome).toMatchObject({ status: "faulty", reason: "crashed" });
    });

    test("what waits is refused, and casts are counted as lost", async () => {
      const broker = await kind.start();
      const { bus, served, lines, running } = await service(broker, ignoring);
      const to = (await connected(broker)).to(work);
      const first = [to.go(), to.go()];
      await running(2);
      const waiting = to.go();
      to.start();
      await until("they wait", () => bus.status.mailboxes[0]?.waiting === 2);
      await end(bus, served);
      expect(await Promise.all(first)).toMatchObject([{ delivered: "maybe" }, { delivered: "maybe" }]);
      expect(await waiting).toMatchObject({ reason: expect.stringMatching(/draining|absent/), delivered: "no" });
      expect(warnings(lines)).toMatchObject([{ running: [{ running: 2 }], lost: 1 }]);
    });

    test("an overdue handler, which holds no slot, does not run on unnoticed either", async () => {
      const broker = await kind.start();
      const { bus, served, lines } = await service(broker, ignoring);
      expect(await (await connected(broker)).to(work).quick()).toMatchObject({ reason: "timeout" });
      await until("it lost its slot", () => bus.status.counts.overdue === 1);
      await end(bus, served);
      expect(bus.status.counts.interrupted).toBe(1);
      expect(warnings(lines)).toMatchObject([{ running: [{ running: 1 }], lost: 0 }]);
    });
  });

  test("R-12 other clients get an error of the NATS service API", async () => {
    const broker = await kind.start();
    const { bus, running } = await service(broker, ignoring);
    const reply = (await plainClient(broker)).request("muove.work.go", "", { timeout: 10_000 });
    await running(1);
    await bus.close({ timeout: 1 });
    const error = "work.go was interrupted: its instance is shutting down";
    expect(serviceError(await reply)).toEqual({ status: "interrupted", error, code: "503" });
  });

  test("a close() that has enough time interrupts nobody", async () => {
    const broker = await kind.start();
    const done = gate();
    const { bus, lines, contexts, running } = await service(broker, async () => {
      await done.passed;
      return "done";
    });
    const outcome = (await connected(broker)).to(work).go();
    await running(1);
    const closed = bus.close();
    done.open();
    await closed;
    expect(await outcome).toMatchObject({ status: "ok", value: "done" });
    expect(contexts[0]?.signal.aborted).toBe(false);
    expect([bus.status.counts.interrupted, warnings(lines)]).toEqual([0, []]);
  });

  describe("BACKLOG-6 a close() that has enough time", () => {
    /** Runs one handler until `done` opens; its caller asks with this timeout. */
    async function serving(message: "quick" | "hasty", timeout?: number) {
      const broker = await kind.start();
      const done = gate();
      const { bus, lines, contexts, running } = await service(broker, async () => {
        await done.passed;
        return "done";
      });
      const outcome = (await connected(broker)).to(work)[message](undefined, { timeout });
      await running(1);
      return { bus, lines, done, outcome, signal: contexts[0]?.signal };
    }

    test("waits for a handler whose caller gave up, for as long as its own time lasts", async () => {
      const { bus, lines, done, outcome } = await serving("quick");
      expect(await outcome).toMatchObject({ reason: "timeout" });
      await until("it lost its slot", () => bus.status.counts.overdue === 1);
      let over = false;
      const closed = bus.close().then(() => {
        over = true;
      });
      await until("it drains", () => bus.status.mailboxes[0]?.state === "draining");
      await sleep(200);
      expect(over).toBe(false);
      done.open();
      await closed;
      expect([bus.status.counts.interrupted, warnings(lines)]).toEqual([0, []]);
    });

    test("waits for a handler whose own time is over while its caller still waits", async () => {
      const { bus, done, outcome } = await serving("hasty", 30_000);
      await until("it is a runaway", () => bus.status.counts.overdue === 1);
      await sleep(100);
      const closed = bus.close();
      await sleep(100);
      done.open();
      await closed;
      expect(await outcome).toMatchObject({ status: "ok" });
      expect(bus.status.counts.interrupted).toBe(0);
    });

    test("waits for such a handler no longer than its caller does, and says for how long it waited", async () => {
      const { bus, lines, outcome } = await serving("hasty", 400);
      await until("it is a runaway", () => bus.status.counts.overdue === 1);
      await bus.close({ timeout: 60_000 });
      expect(await outcome).toMatchObject({ reason: "timeout" });
      expect(bus.status.counts.interrupted).toBe(1);
      expect(waited(lines)).toBeLessThan(10_000);
    });
  });

  test("close() shortens the time of a stop() that has begun", async () => {
    const broker = await kind.start();
    const { bus, served, running } = await service(broker, ignoring);
    const outcome = (await connected(broker)).to(work).go();
    await running(1);
    const stopped = served.stop({ timeout: 60_000 });
    await bus.close({ timeout: 1 });
    expect(await outcome).toMatchObject({ reason: "draining", delivered: "maybe" });
    await stopped;
  });

  test("a listener's handler is told, counted and logged, too", async () => {
    const broker = await kind.start();
    const { bus: owner, served } = await service(broker, ignoring);
    const bus = openBus(broker);
    const heard: AbortSignal[] = [];
    const listener = bus.on(work.events.done, (_, { signal }) => new Promise(() => heard.push(signal)));
    await until("it listens", () => bus.status.listeners[0]?.state === "open");
    served.publish.done();
    await until("it runs", () => heard.length === 1);
    await listener.stop({ timeout: 1 });
    expect(heard[0]?.aborted).toBe(true);
    expect(bus.status.counts.interrupted).toBe(1);
    expect(owner.status.counts.interrupted).toBe(0);
  });

  test("everyone's caller hears from an instance that stops before its handler is done", async () => {
    const broker = await kind.start();
    const { bus, running } = await service(broker, ignoring);
    const caller = await connected(broker);
    const outcomes: unknown[] = [];
    const asking = (async () => {
      for await (const each of caller.toAll(work).go()) outcomes.push(each);
    })();
    await running(1);
    await bus.close({ timeout: 1 });
    await asking;
    const { instance } = bus.status;
    expect(outcomes).toMatchObject([{ instance, outcome: { reason: "draining", delivered: "maybe" } }]);
  });
});
