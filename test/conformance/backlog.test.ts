// The bounded mailbox: what it admits, what it refuses, and that a refused call never runs (F5, F10).

import { type Bus, call, mailbox } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Broker, describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";

const work = mailbox("work", { go: call({ input: z.int(), timeout: 5_000 }), quick: call({ timeout: 5_000 }) });

/** A mailbox whose handler runs until the test opens the gate. */
async function workshop(broker: Broker, options: { readonly concurrency: number; readonly backlog: number }) {
  const [service, caller] = [openBus(broker, { service: "work" }), await connected(broker)];
  const began: number[] = [];
  const end = gate();
  service.serve(
    work,
    {
      async go(n) {
        began.push(n);
        await end.passed;
      },
      quick: () => {},
    },
    options,
  );
  await untilOpen(service);
  return { service, jobs: caller.to(work), began, end };
}

const figures = (bus: Bus) => bus.status.mailboxes[0];

describeOnEachBroker((kind) => {
  describe("BACKLOG-1 a full mailbox", () => {
    test("refuses at once, as overloaded/no with a retryAfter, and runs admitted calls in order (BACKLOG-4)", async () => {
      const { service, jobs, began, end } = await workshop(await kind.start(), { concurrency: 1, backlog: 2 });
      const first = jobs.go(0);
      await until("the slot is taken", () => began.length === 1);
      const taken = [jobs.go(1), jobs.go(2)];
      await until("the backlog is full", () => figures(service)?.waiting === 2);
      expect(figures(service)).toMatchObject({ waiting: 2, backlog: 2, running: 1, concurrency: 1 });
      const refused = await jobs.go(3);
      expect(refused).toMatchObject({ status: "unavailable", reason: "overloaded", delivered: "no" });
      expect((refused as unknown as { retryAfter: number }).retryAfter).toBeGreaterThan(0);
      expect(service.status.counts.overloaded).toBe(1);
      end.open();
      for (const { status } of await Promise.all([first, ...taken])) expect(status).toBe("ok");
      expect(began).toEqual([0, 1, 2]); // BACKLOG-3: 3 never ran
    });

    test("admits calls again as soon as there is room", async () => {
      const { jobs, end, began } = await workshop(await kind.start(), { concurrency: 1, backlog: 1 });
      const first = jobs.go(0);
      await until("the slot is taken", () => began.length === 1);
      const outcomes = await Promise.all([jobs.go(1, { timeout: 300 }), jobs.go(2), jobs.go(3)]);
      expect(outcomes.filter((outcome) => "reason" in outcome && outcome.reason === "overloaded")).toHaveLength(2);
      end.open();
      await first;
      expect(await jobs.go(4)).toMatchObject({ status: "ok" });
    });
  });

  describe("BACKLOG-3 a call that waits for a slot", () => {
    test("never runs when its caller cancels", async () => {
      const { service, jobs, began, end } = await workshop(await kind.start(), { concurrency: 1, backlog: 10 });
      const first = jobs.go(0);
      await until("the slot is taken", () => began.length === 1);
      const controller = new AbortController();
      const cancelled = jobs.go(1, { signal: controller.signal });
      const kept = jobs.go(2);
      await until("both wait", () => figures(service)?.waiting === 2);
      controller.abort();
      expect(await cancelled).toMatchObject({ reason: "cancelled", delivered: "maybe" });
      await until("it no longer waits", () => figures(service)?.waiting === 1);
      end.open();
      await Promise.all([first, kept]);
      expect(began).toEqual([0, 2]);
    });

    test("never runs when its caller's deadline has passed", async () => {
      const { service, jobs, began, end } = await workshop(await kind.start(), { concurrency: 1, backlog: 10 });
      const first = jobs.go(0);
      await until("the slot is taken", () => began.length === 1);
      const timeout = 50;
      expect(await jobs.go(1, { timeout })).toMatchObject({ reason: "timeout" });
      await until("it has arrived", () => figures(service)?.waiting === 1 || service.status.counts.expired === 1);
      // Its deadline counts from its arrival, which was before this line.
      const over = performance.now() + timeout;
      await until("its deadline has passed", () => performance.now() > over);
      end.open();
      await first;
      await until("it is dropped", () => service.status.counts.expired === 1);
      expect(began).toEqual([0]);
    });
  });

  describe("RUNNING-1 a handler that outlives its deadline", () => {
    test("loses its slot, and is counted as overdue (F10)", async () => {
      const { service, jobs, began } = await workshop(await kind.start(), { concurrency: 2, backlog: 1 });
      expect(await jobs.go(0, { timeout: 50 })).toMatchObject({ reason: "timeout" });
      await until("it lost its slot", () => service.status.counts.overdue === 1);
      expect(figures(service)).toMatchObject({ running: 0 });
      expect(await jobs.quick()).toMatchObject({ status: "ok" });
      expect(began).toEqual([0]);
    });

    test("makes the mailbox refuse calls when there are as many of them as slots, until one ends", async () => {
      const { service, jobs, end } = await workshop(await kind.start(), { concurrency: 1, backlog: 1 });
      expect(await jobs.go(0, { timeout: 50 })).toMatchObject({ reason: "timeout" });
      await until("it lost its slot", () => service.status.counts.overdue === 1);
      expect(await jobs.quick()).toMatchObject({ reason: "overloaded", delivered: "no" });
      end.open();
      await until("its handler has ended", () => figures(service)?.running === 0);
      expect(await jobs.quick()).toMatchObject({ status: "ok" });
    });
  });

  test("a draining mailbox finishes what waits", async () => {
    const { service, jobs, began, end } = await workshop(await kind.start(), { concurrency: 1, backlog: 10 });
    const answers = [jobs.go(0), jobs.go(1), jobs.go(2)];
    await until("all have arrived", () => began.length === 1 && figures(service)?.waiting === 2);
    const closed = service.close();
    end.open();
    for (const { status } of await Promise.all(answers)) expect(status).toBe("ok");
    await closed;
    expect(began).toEqual([0, 1, 2]);
  });
});
