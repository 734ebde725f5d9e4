import { expect, test } from "vitest";
import { Leases } from "./leases.js";

test("Y1 the shortest interval counts whose lease has not run out", () => {
  const leases = new Leases();
  expect(leases.interval(0)).toBeUndefined();
  leases.take({ interval: 800, lease: 12_000 }, 0);
  leases.take({ interval: 400, lease: 6_000 }, 0);
  expect(leases.interval(5_999)).toBe(400);
  expect(leases.interval(6_000)).toBe(800);
  expect(leases.interval(12_000)).toBeUndefined();
});

test("a lease is prolonged, and never shortened, by whoever asks again", () => {
  const leases = new Leases();
  leases.take({ interval: 400, lease: 6_000 }, 0);
  leases.take({ interval: 400, lease: 1_000 }, 1_000);
  expect(leases.interval(5_000)).toBe(400);
  leases.take({ interval: 400, lease: 6_000 }, 5_000);
  expect(leases.interval(10_999)).toBe(400);
  expect(leases.interval(11_000)).toBeUndefined();
});

test("Y2 nobody can make an instance beat without a pause, for ever, or keep count of any number of intervals", () => {
  const leases = new Leases();
  leases.take({ interval: -1, lease: 1e12 }, 0);
  expect(leases.interval(0)).toBe(100);
  expect(leases.interval(1_800_000)).toBeUndefined();
  for (let i = 0; i < 1_000; i++) leases.take({ interval: 2_000 - i, lease: 1_000 }, 2_000_000);
  expect(leases.interval(2_000_000)).toBe(1_985);
});
