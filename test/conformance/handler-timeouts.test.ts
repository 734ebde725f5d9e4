// How long a handler may take: what the contract says, or serve() and on() instead (F10).

import { setTimeout as sleep } from "node:timers/promises";
import { type Bus, type ContextOf, call, cast, event, InvalidOptions, mailbox, type ServeOptions } from "muove";
import { describe, expect, test } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";

/** Slots expire at most a sixteenth, and a turn of the loop, after their time. */
const ms = 160;
const long = 60_000;

const jobs = mailbox("jobs", {
  ask: call({ timeout: ms }),
  askLong: call({ timeout: ms, handlerTimeout: long }),
  run: cast(),
  runShort: cast({ handlerTimeout: ms }),
  ran: event(),
  ranShort: event({ handlerTimeout: ms }),
});
type Ctx = Pick<ContextOf<typeof jobs, "ask">, "signal" | "address">;

/** Serves the jobs with one slot; each handler waits for the gate. */
async function worker(
  url: { readonly url: string },
  options: ServeOptions<"ask" | "askLong" | "run" | "runShort"> = {},
) {
  const bus = openBus(url, { service: "jobs" });
  const [running, end] = [[] as Ctx[], gate()];
  const work = async (_: undefined, ctx: Ctx): Promise<void> => {
    running.push(ctx);
    await end.passed;
  };
  const handlers = { ask: work, askLong: work, run: work, runShort: work };
  const { publish } = bus.serve(jobs, handlers, { concurrency: 1, ...options });
  await untilOpen(bus);
  return { bus, publish, running, end, work };
}

/** It is neither told to end, nor counted, nor does it cost the process its life. */
function expectLeftAlone(bus: Bus, ctx: Ctx | undefined): void {
  expect(ctx?.signal.aborted).toBe(false);
  expect(bus.status.counts.overdue).toBe(0);
  expect(bus.health.live).toBe(true);
}

async function untilStuck(bus: Bus, ctx: Ctx | undefined): Promise<void> {
  await until("its signal aborts", () => ctx?.signal.aborted === true);
  expect(ctx?.signal.reason).toMatchObject({ name: "TimeoutError", message: expect.stringContaining("time is over") });
  await until("only a restart helps", () => !bus.health.live);
  expect(bus.status.counts.overdue).toBe(1);
}

describeOnEachBroker((kind) => {
  describe.each(["run", "runShort"] as const)("the handler of a cast: %s", (message) => {
    test(`may take what the contract says${message === "run" ? ", and half an hour where it says nothing" : ""}`, async () => {
      const broker = await kind.start();
      const { bus, running, end } = await worker(broker);
      (await connected(broker)).to(jobs)[message]();
      await until("it runs", () => running.length === 1);
      if (message === "runShort") await untilStuck(bus, running[0]);
      else {
        await sleep(3 * ms);
        expectLeftAlone(bus, running[0]);
      }
      end.open();
      await until("it lives again", () => bus.health.live);
    });

    test.each([
      ["one figure for all", 2 * ms],
      ["one for this message", { [message]: 2 * ms }],
    ])("may take what serve() says instead: %s", async (_, handlerTimeout) => {
      const broker = await kind.start();
      const { bus, running } = await worker(broker, { handlerTimeout });
      (await connected(broker)).to(jobs)[message]();
      await until("it runs", () => running.length === 1);
      await sleep(1.5 * ms);
      expectLeftAlone(bus, running[0]);
      await untilStuck(bus, running[0]);
    });
  });

  test("an override for one message is none for another", async () => {
    const broker = await kind.start();
    const { bus, running } = await worker(broker, { handlerTimeout: { run: long } });
    (await connected(broker)).to(jobs).runShort();
    await until("it runs", () => running.length === 1);
    await untilStuck(bus, running[0]);
  });

  test.each([
    ["ran", undefined, "goes on"],
    ["ranShort", undefined, "is stuck"],
    ["ran", ms, "is stuck"],
    ["ranShort", long, "goes on"],
  ] as const)("a listener to %s with handlerTimeout %s %s", async (name, handlerTimeout, result) => {
    const broker = await kind.start();
    const { publish, work, running } = await worker(broker);
    const bus = await connected(broker);
    bus.on(jobs.events[name], work, { concurrency: 1, handlerTimeout });
    await until("it listens", () => bus.status.listeners[0]?.state === "open");
    publish[name]();
    await until("it runs", () => running.length === 1);
    if (result === "is stuck") return untilStuck(bus, running[0]);
    await sleep(3 * ms);
    expectLeftAlone(bus, running[0]);
  });

  describe("the handler of a call whose caller gave up", () => {
    test("is told, and may run on for the time that its contract gives it: the service stays live", async () => {
      const broker = await kind.start();
      const { bus, running, end } = await worker(broker);
      const outcome = await (await connected(broker)).to(jobs).askLong();
      expect(outcome).toMatchObject({ reason: "timeout", delivered: "maybe" });
      await until("its signal aborts", () => running[0]?.signal.aborted === true);
      expect(running[0]?.signal.reason.message).toMatch(
        /^jobs\.askLong: its caller gave up; it may run on for \d+ ms$/,
      );
      await sleep(2 * ms);
      expect(bus.health.live).toBe(true);
      end.open();
      await until("it is done", () => bus.status.mailboxes[0]?.running === 0);
    });

    test("has no more time than its caller where the contract says nothing", async () => {
      const broker = await kind.start();
      const { bus, running } = await worker(broker);
      await (await connected(broker)).to(jobs).ask();
      await until("its signal aborts", () => running[0]?.signal.aborted === true);
      await until("only a restart helps", () => !bus.health.live);
    });

    test("does not wait for a caller that waits for longer", async () => {
      const broker = await kind.start();
      const { bus, running } = await worker(broker);
      void (await connected(broker)).to(jobs).ask(undefined, { timeout: long });
      await until("it runs", () => running.length === 1);
      await untilStuck(bus, running[0]);
    });
  });
});

test.each([0, -1, 1.5, "1s", null, { ask: 0 }, { tell: 1_000 }, { ran: 1_000 }])(
  "serve() refuses handlerTimeout: %j",
  (handlerTimeout) => {
    const bus = openBus({ url: "127.0.0.1:1" });
    const work = () => {};
    const serve = () =>
      bus.serve(jobs, { ask: work, askLong: work, run: work, runShort: work }, { handlerTimeout } as never);
    expect(serve).toThrow(InvalidOptions);
    expect(serve).toThrow(/handlerTimeout (must be|is wrong)/);
  },
);
