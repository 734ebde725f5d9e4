import { expect, test } from "vitest";
import { pulseFor } from "./pulse.js";

test("up to 160 instances beat often enough to notice a killed one within a second", () => {
  for (const instances of [0, 1, 10, 100, 160]) expect(pulseFor(instances).interval).toBe(400);
});

test("a monitor gets a bounded number of beats a second, whatever the number of instances", () => {
  for (const instances of [161, 500, 1_000, 5_000, 20_000]) {
    expect((instances * 1_000) / pulseFor(instances).interval).toBeLessThanOrEqual(400);
  }
  expect(pulseFor(1_000).interval).toBe(3_200);
});

test("a lease survives two lost renewals", () => {
  for (const instances of [1, 1_000]) {
    const { interval, lease } = pulseFor(instances);
    expect(lease / 3).toBeGreaterThan(interval);
  }
});
