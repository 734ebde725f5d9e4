import { setImmediate as immediate } from "node:timers/promises";
import { beforeEach, expect, test, vi } from "vitest";
import { FairScheduler, type Worker } from "./fair-scheduler.js";

vi.mock("./timers.js", () => import("../../../../test/support/global-timers.js"));

/** A clock that only work moves: a slice is short, and a busy machine could use it up. */
let now = 0;
beforeEach(() => {
  now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  return () => clock.mockRestore();
});

/** Works a number of times for a number of ms each, and records each turn. */
function worker(name: string, notes: string[], { times = 1, ms = 0 } = {}): Worker {
  let left = times;
  return {
    work(until) {
      do {
        now += ms;
        notes.push(name);
      } while (--left > 0 && performance.now() < until);
      return left > 0;
    },
  };
}

test("no worker runs at once; all that asked in one turn of the loop run in the next one", async () => {
  const turns = new FairScheduler();
  const notes: string[] = [];
  const workers = ["a", "b", "c"].map((name) => worker(name, notes));
  for (const one of workers) turns.ask(one);
  for (const one of workers) turns.ask(one);
  expect(notes).toEqual([]);
  await immediate();
  expect(notes).toEqual(["a", "b", "c"]);
  await immediate();
  expect(notes).toHaveLength(3);
});

test("FAIR-SCHEDULER-1 FAIR-SCHEDULER-2 one slice for all: a worker left out comes first in the next one", async () => {
  const turns = new FairScheduler();
  const notes: string[] = [];
  turns.ask(worker("long", notes, { times: 3, ms: 4 })); // Two of them exceed a slice.
  turns.ask(worker("short", notes));
  await immediate();
  expect(notes).toEqual(["long", "long"]);
  await immediate();
  expect(notes).toEqual(["long", "long", "short", "long"]);
  await immediate();
  expect(notes).toHaveLength(4);
});

test("a worker that asks while others work gets a turn too", async () => {
  const turns = new FairScheduler();
  const notes: string[] = [];
  turns.ask({
    work() {
      notes.push("first");
      turns.ask(worker("second", notes));
      return false;
    },
  });
  await immediate();
  await immediate();
  expect(notes).toEqual(["first", "second"]);
});

test("FAIR-SCHEDULER-3 a worker that throws gets another turn, and the others get theirs", async () => {
  const turns = new FairScheduler();
  const notes: string[] = [];
  let thrown = 0;
  turns.ask({
    work() {
      notes.push("throws");
      if (thrown++ === 0) throw new Error("a logger that throws");
      return false;
    },
  });
  turns.ask(worker("other", notes));
  const uncaught = new Promise<unknown>((resolve) => {
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => {
      for (const listener of others) process.on("uncaughtException", listener);
      resolve(error);
    });
  });
  expect(await uncaught).toMatchObject({ message: "a logger that throws" });
  await immediate();
  await immediate();
  expect(notes).toEqual(["throws", "other", "throws"]);
});
