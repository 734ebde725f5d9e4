import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Deadlines, Expiring } from "./deadlines.js";

vi.mock("./timers.js", () => import("../../../../test/support/global-timers.js"));

let deadlines: Deadlines;
let expired: [name: string, late: number][];
beforeEach(() => {
  deadlines = new Deadlines();
  expired = [];
});

class Waiting extends Expiring {
  readonly expiresAt: number;
  readonly #then: () => void;

  constructor(timeout: number, then: () => void) {
    super();
    this.expiresAt = performance.now() + timeout;
    this.#then = then;
  }

  expire(): void {
    this.#then();
  }
}

function waiting(name: string, timeout: number): Expiring {
  const made: Expiring = new Waiting(timeout, () => expired.push([name, performance.now() - made.expiresAt]));
  return made;
}

const add = (name: string, timeout: number) => deadlines.add(timeout, waiting(name, timeout));
const names = () => expired.map(([name]) => name);
const all = (count: number) => vi.waitFor(() => expect(expired).toHaveLength(count), { timeout: 5_000, interval: 1 });

describe("deadlines", () => {
  test("DEADLINES-1 expire in order, none before its time", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    add("40", 40);
    add("20", 20);
    add("60", 60);
    await vi.advanceTimersByTimeAsync(10);
    add("20 again", 20);
    await vi.advanceTimersByTimeAsync(60);
    expect(names()).toEqual(["20", "20 again", "40", "60"]);
    for (const [, late] of expired) expect(late).toBeGreaterThanOrEqual(0);
  });

  test("do not expire entries that ended before", async () => {
    const timeout = 20;
    const [gone, stays] = [waiting("gone", timeout), waiting("stays", timeout)];
    const deadline = deadlines.add(timeout, gone);
    deadlines.add(timeout, stays);
    expect(deadlines.size).toBe(2);
    deadline.delete(gone);
    expect(deadlines.size).toBe(1);
    await all(1);
    await sleep(2 * timeout);
    expect(deadlines.size).toBe(0);
    expect(names()).toEqual(["stays"]);
  });

  test("DEADLINES-1 do not expire while this process is busy, but after the loop has read once more", async () => {
    const timeout = 10;
    const answered = waiting("answered", timeout);
    const deadline = deadlines.add(timeout, answered);
    add("unanswered", timeout);
    // Like an answer that arrived meanwhile: it is read after the timers, and before the deferred expiry.
    setTimeout(() => setImmediate(() => deadline.delete(answered)), 0);
    for (const end = performance.now() + 3 * timeout; performance.now() < end; );
    expect(expired).toEqual([]);
    await all(1);
    expect(names()).toEqual(["unanswered"]);
  });

  test("can be renewed by an entry that expires", async () => {
    deadlines.add(10, new Waiting(10, () => add("second", 10)));
    await all(1);
    expect(names()).toEqual(["second"]);
  });

  test("DEADLINES-2 need one timer for a thousand entries with the same timeout, and one more for another", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const timeout = 50;
    for (let i = 0; i < 1_000; i++) add("same", timeout);
    const delays = (): unknown[] => timers.mock.calls.map(([, delay]) => delay);
    const [toSeeStalls] = delays();
    expect(delays()).toEqual([toSeeStalls, timeout]);
    add("other", timeout + 1);
    expect(delays()).toHaveLength(3);
    timers.mockRestore();
    await all(1_001);
  });

  test("DEADLINES-2 leave no timer when nothing waits", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const gone = waiting("gone", 10);
    deadlines.add(10, gone).delete(gone);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(50);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("DEADLINES-3 can be removed in any order, and the entries that stay retain none that was removed", async () => {
    const timeout = 60;
    const made = Array.from({ length: 9 }, (_, i) => waiting(`${i}`, timeout));
    const [deadline] = made.map((one) => deadlines.add(timeout, one));
    const leaving = [4, 3, 0, 8, 4, 0].map((i) => made[i] as Expiring);
    for (const one of leaving) deadline?.delete(one);
    for (const one of leaving) expect([one.earlier, one.later]).toEqual([undefined, undefined]);
    expect(deadlines.size).toBe(5);
    await all(5);
    expect(names()).toEqual(["1", "2", "5", "6", "7"]);
    expect(made.flatMap(({ earlier, later }) => [earlier, later]).filter((one) => one !== undefined)).toEqual([]);
  });
});
