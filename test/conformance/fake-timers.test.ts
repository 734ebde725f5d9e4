// A bus in a test that fakes its timers, as vitest, Jest and Sinon do: it lives on real sockets and in real time.

import { freePort } from "@muove/testkit";
import { type Bus, call, cast, event, mailbox } from "muove";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { openBus, untilOpen } from "./support/buses.js";

/** What Jest and Sinon fake by default; without `nextTick`, on which Node's own sockets depend. */
const toFake = [
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "performance",
  "hrtime",
  "Date",
] as const;
const fakeTimers = () => void vi.useFakeTimers({ toFake: [...toFake] });
afterEach(() => void vi.useRealTimers());

const work = mailbox("work", {
  echo: call({ input: z.string(), output: z.string(), timeout: 5_000 }),
  hang: call({ timeout: 100, idempotent: true }),
  note: cast({ input: z.int() }),
  done: event({ input: z.int() }),
});

/** Serves the work, and keeps what its casts bring. */
function serveWork(bus: Bus) {
  const noted: number[] = [];
  const handlers = {
    echo: (text: string) => text,
    hang: () => new Promise<never>(() => {}),
    note: (n: number) => void noted.push(n),
  };
  return { ...bus.serve(work, handlers), noted };
}

const isUp = (bus: Bus) => until("it is connected", () => bus.status.connection.state === "up");
const alive = async (bus: Bus) => expect(await bus.to(work).echo("a")).toMatchObject({ status: "ok", value: "a" });

describeOnEachBroker((kind) => {
  describe.each([
    ["before it was made", true],
    ["while it is connected", false],
  ])("a bus whose test has faked its timers %s", (_, early) => {
    test("connects, serves, casts, listens, monitors, and closes", async () => {
      const broker = await kind.start();
      if (early) fakeTimers();
      const [service, bus] = [openBus(broker), openBus(broker)];
      const { publish, noted } = serveWork(service);
      await Promise.all([untilOpen(service), isUp(bus)]);
      fakeTimers();
      await alive(bus);
      const heard: number[] = [];
      bus.on(work.events.done, (n) => void heard.push(n));
      await until("it listens", () => bus.status.listeners[0]?.state === "open");
      for (let n = 0; n < 100; n++) bus.to(work).note(n);
      publish.done(7);
      await until("all is heard", () => noted.length === 100 && heard.length === 1);
      expect(await bus.monitor(work).whenSettled({ timeout: 5_000 })).toBe(true);
      expect(await bus.to(work, { key: 1 }).echo("b")).toMatchObject({ status: "ok" });
      await service.close();
      expect(await bus.to(work).echo("a")).toMatchObject({ reason: "absent" });
      await bus.close();
    });

    test("ends calls at their deadlines, with retries and fallbacks, however often the test advances its clock", async () => {
      const broker = await kind.start();
      if (early) fakeTimers();
      const [service, bus] = [openBus(broker), openBus(broker)];
      serveWork(service);
      await Promise.all([untilOpen(service), isUp(bus)]);
      fakeTimers();
      const slow = bus.to(work).hang();
      const settled = vi.fn();
      void slow.then(settled);
      vi.advanceTimersByTime(3_600_000);
      await Promise.resolve();
      expect(settled).not.toHaveBeenCalled();
      expect(await slow).toMatchObject({ reason: "timeout", message: "work.hang did not answer within 100 ms" });
      const absent = mailbox("absent", { ask: call({ timeout: 2_000 }) });
      expect(await bus.to(absent).ask(undefined, { retries: 2 })).toMatchObject({ reason: "absent" });
      expect(bus.status.counts.retries).toBe(2);
      const late = () => new Promise<undefined>(() => {});
      expect(await bus.to(absent).ask().orElse(late)).toMatchObject({ fallbackErrors: [{}] });
      await until("its handlers are overdue in real time", () => service.status.counts.overdue === 1);
      await alive(bus);
    });

    test("keeps its connection through an hour of fake time, and finds NATS again", async () => {
      const port = await freePort();
      const broker = await kind.start({ port });
      if (early) fakeTimers();
      const bus = openBus(broker, { pingInterval: 50 });
      serveWork(bus);
      await untilOpen(bus);
      fakeTimers();
      const lost = vi.fn();
      bus.on("disconnected", lost);
      for (let minutes = 0; minutes < 60; minutes++) vi.advanceTimersByTime(60_000);
      await alive(bus);
      expect(lost).not.toHaveBeenCalled();
      await broker.kill();
      await until("it is lost", () => bus.status.connection.state === "down");
      expect(await bus.to(work).echo("a")).toMatchObject({ reason: "unreachable" });
      await kind.start({ port });
      await isUp(bus);
      await untilOpen(bus);
      await alive(bus);
      vi.useRealTimers();
      await alive(bus);
    });
  });
});
