import { describe, expect, it } from "vitest";
import { Backoff } from "./backoff.js";

const bounds = { min: 50, max: 1_000 };

describe("the backoff", () => {
  it("doubles its ceiling up to the maximum, and begins again after a reset", () => {
    const backoff = new Backoff(bounds, () => 1);
    const pauses = () => Array.from({ length: 7 }, () => backoff.next());
    expect(pauses()).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });

  it("has full jitter: from nothing to the ceiling", () => {
    const drawn = [0, 0.5, 0.999];
    const backoff = new Backoff(bounds, () => drawn.shift() ?? 0);
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([0, 50, 199]);
  });

  it("never exceeds its maximum", () => {
    const backoff = new Backoff(bounds);
    for (let i = 0; i < 5_000; i++) expect(backoff.next()).toBeLessThanOrEqual(bounds.max);
  });
});
