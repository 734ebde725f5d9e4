import { expect, test } from "vitest";
import { Leases } from "./leases.js";

test("LEASES-1 the shortest interval with a valid lease applies", () => {
  const leases = new Leases();
  expect(leases.interval(0)).toBeUndefined();
  leases.take({ interval: 800, lease: 12_000 }, 0);
  leases.take({ interval: 400, lease: 6_000 }, 0);
  expect(leases.interval(5_999)).toBe(400);
  expect(leases.interval(6_000)).toBe(800);
  expect(leases.interval(12_000)).toBeUndefined();
});

test("a new request extends a lease and never shortens it", () => {
  const leases = new Leases();
  leases.take({ interval: 400, lease: 6_000 }, 0);
  leases.take({ interval: 400, lease: 1_000 }, 1_000);
  expect(leases.interval(5_000)).toBe(400);
  leases.take({ interval: 400, lease: 6_000 }, 5_000);
  expect(leases.interval(10_999)).toBe(400);
  expect(leases.interval(11_000)).toBeUndefined();
});

test.each([
  [-1, 100],
  [0, 100],
  [Number.NaN, 100],
  [0.001, 100],
  [399.9, 200],
  [400, 400],
  [1_000, 800],
  [12_800, 12_800],
  [1e12, 51_200], // more than a timer takes: it would go off at once, again and again
  [2 ** 31, 51_200],
  [1e308, 51_200],
  [Number.POSITIVE_INFINITY, 51_200],
])("LEASES-2 a request for an interval of %d ms gets one of %d", (interval, given) => {
  const leases = new Leases();
  leases.take({ interval, lease: 6_000 }, 0);
  expect(leases.interval(0)).toBe(given);
});

test.each([
  [-1, 400],
  [0, 400],
  [Number.NaN, 400],
  [6_000, 6_000],
  [1e12, 1_800_000],
  [1e308, 1_800_000],
])("a request for a lease of %d ms gets one of %d", (lease, given) => {
  const leases = new Leases();
  leases.take({ interval: 400, lease }, 0);
  expect(leases.interval(given - 1)).toBe(400);
  expect(leases.interval(given)).toBeUndefined();
});

test("LEASES-2 no interval is refused because of many other requests", () => {
  const leases = new Leases();
  for (let i = 0; i < 100_000; i++) leases.take({ interval: 60_000 - i / 2, lease: 1_800_000 }, 0);
  leases.take({ interval: 100, lease: 6_000 }, 0);
  expect(leases.interval(0)).toBe(100);
});
