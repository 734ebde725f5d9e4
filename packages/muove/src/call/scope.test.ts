import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Scope } from "./scope.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const lasting = (ms: number) => Scope.open.within(ms, undefined);

describe("the timeout of a call is", () => {
  test("its own timeout without another bound", () => {
    expect(Scope.open.allowance(1_000)).toBe(1_000);
  });

  test("its own timeout if that is smaller", () => {
    expect(lasting(1_000).allowance(250)).toBe(250);
  });

  test("the time left less a tenth", () => {
    expect(lasting(1_000).allowance(1_000)).toBe(900);
    expect(lasting(1_000).allowance(5_000)).toBe(900);
  });

  test("the time left less 5 ms, if a tenth is less than that", () => {
    expect(lasting(40).allowance(1_000)).toBe(35);
    expect(lasting(50).allowance(1_000)).toBe(45);
    expect(lasting(51).allowance(1_000)).toBeCloseTo(45.9);
  });

  test.each([5, 4, 1])("0 with %i ms left: the reserve takes all of it", (ms) => {
    expect(lasting(ms).allowance(1_000)).toBe(0);
  });

  test("0 once the time is over", () => {
    const scope = lasting(100);
    vi.advanceTimersByTime(100);
    expect(scope.allowance(1_000)).toBe(0);
    vi.advanceTimersByTime(100);
    expect(scope.allowance(1_000)).toBe(0);
  });

  test("less as time goes by", () => {
    const scope = lasting(1_000);
    vi.advanceTimersByTime(500);
    expect(scope.allowance(1_000)).toBe(450);
  });
});

describe("a scope", () => {
  test("knows the time left, never less than 0", () => {
    const scope = lasting(100);
    vi.advanceTimersByTime(30);
    expect(scope.remaining).toBe(70);
    vi.advanceTimersByTime(500);
    expect(scope.remaining).toBe(0);
    expect(Scope.open.remaining).toBe(Number.POSITIVE_INFINITY);
  });

  test("within a scope has the nearer deadline", () => {
    expect(lasting(100).within(1_000, undefined).remaining).toBe(100);
    expect(lasting(1_000).within(100, undefined).remaining).toBe(100);
    expect(lasting(100).within(undefined, undefined).remaining).toBe(100);
  });

  test("within a scope has both signals", () => {
    const [outer, inner] = [new AbortController(), new AbortController()];
    const scope = Scope.open.within(undefined, outer.signal).within(100, inner.signal);
    expect(scope.signals).toEqual([outer.signal, inner.signal]);
  });

  test("does not change the outer scope", () => {
    const outer = lasting(1_000);
    outer.within(10, new AbortController().signal);
    expect(outer.signals).toEqual([]);
    expect(outer.remaining).toBe(1_000);
  });
});
