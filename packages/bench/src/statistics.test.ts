import { describe, expect, it } from "vitest";
import { ratios, spread } from "./statistics.js";

describe("statistics of rounds", () => {
  it("take the middle, whatever the order, and say how far the rest lies apart", () => {
    expect(spread([5, 1, 100])).toEqual({ median: 5, least: 1, most: 100 });
    expect(spread([7])).toEqual({ median: 7, least: 7, most: 7 });
    expect(spread([1, 2, 10, 4])).toEqual({ median: 3, least: 1, most: 10 });
  });

  it("compare numbers as numbers", () => {
    expect(spread([10, 9, 100]).median).toBe(10);
  });

  it("have nothing to say about nothing", () => {
    expect(() => spread([])).toThrow("nothing was measured");
  });

  it("compare round with round, so that a slow one does not look like a difference", () => {
    expect(ratios([200, 20, 202], [100, 10, 100])).toEqual({ median: 2, least: 2, most: 2.02 });
  });

  it("compare no round that only one of them had", () => {
    expect(ratios([4, 4, 40], [2, 2])).toEqual({ median: 2, least: 2, most: 2 });
  });
});
