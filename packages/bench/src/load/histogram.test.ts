import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.js";

function of(times: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const time of times) histogram.record(time);
  return histogram;
}

describe("the histogram of times", () => {
  it("is 0 without samples", () => {
    expect(of([]).quantile(0.5)).toBe(0);
  });

  it.each([0.0001, 0.0063, 0.0128, 0.3, 1, 17.5, 999, 60_000])("keeps %d ms to 1.6%%, or to 50 ns", (time) => {
    const found = of([time, time, time + 1]).quantile(0.5);
    expect(Math.abs(found - time)).toBeLessThanOrEqual(Math.max(0.00005, time * 0.016));
  });

  it("finds quantiles", () => {
    const histogram = of(Array.from({ length: 10_000 }, (_, i) => (i + 1) / 100));
    expect(histogram.count).toBe(10_000);
    expect(histogram.quantile(0.5)).toBeCloseTo(50, -1);
    expect(Math.abs(histogram.quantile(0.99) - 99)).toBeLessThan(99 * 0.016);
    expect(Math.abs(histogram.quantile(0.999) - 99.9)).toBeLessThan(99.9 * 0.016);
    expect(histogram.max).toBe(100);
  });

  it("does not depend on the order", () => {
    const times = Array.from({ length: 1_000 }, (_, i) => ((i * 7919) % 1_000) / 10);
    expect(of(times).quantile(0.9)).toBe(of(times.toSorted((a, b) => a - b)).quantile(0.9));
  });

  it("counts times beyond its range as the longest", () => {
    expect(of([1e9]).count).toBe(1);
  });
});
