import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Stalls } from "./stalls.js";

vi.mock("./timers.js", () => import("../../../../test/support/global-timers.js"));

let stalls: Stalls;
let needed: boolean;
beforeEach(() => {
  needed = true;
  stalls = new Stalls(() => needed);
  stalls.watch();
});
afterEach(() => {
  needed = false;
});

const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

describe("stalls", () => {
  test.each([0, 60])("took half of the time of whoever waited through one, begun %i ms before it", async (before) => {
    const from = performance.now();
    await sleep(before);
    block(200);
    await sleep(1); // The timers come first.
    expect(stalls.tookHalf(from, 300)).toBe(true);
    expect(stalls.tookHalf(from, 4_000)).toBe(false);
  });

  test("take nothing from whoever began to wait afterwards", async () => {
    block(200);
    await sleep(1);
    const from = performance.now();
    expect(stalls.tookHalf(from, 10)).toBe(false);
  });

  test("add up", async () => {
    const from = performance.now();
    for (let i = 0; i < 3; i++) {
      block(120);
      await sleep(1);
    }
    expect(stalls.tookHalf(from, 500)).toBe(true);
  });
});

describe("the timer of stalls", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("STALLS-1 is one, and gone soon after nothing waits", () => {
    const mine = new Stalls(() => needed);
    for (let i = 0; i < 10; i++) mine.watch();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(1);
    needed = false;
    vi.advanceTimersByTime(40);
    expect(vi.getTimerCount()).toBe(0);
    needed = true;
    mine.watch();
    expect(vi.getTimerCount()).toBe(1);
  });
});
