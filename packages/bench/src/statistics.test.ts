import { describe, expect, it } from "vitest";
import { ratios, spread } from "./statistics.js";

describe("statistics of rounds", () => {
  it("have the median and the spread, whatever the order", () => {
    expect(spread([5, 1, 100])).toEqual({ median: 5, least: 1, most: 100 });
    expect(spread([7])).toEqual({ median: 7, least: 7, most: 7 });
    expect(spread([1, 2, 10, 4])).toEqual({ median: 3, least: 1, most: 10 });
  });

  it("compare numbers as numbers", () => {
    expect(spread([10, 9, 100]).median).toBe(10);
  });

  it("refuse an empty list", () => {
    expect(() => spread([])).toThrow("nothing was measured");
  });

  it("compare round by round, so that a slow round does not look like a difference", () => {
    expect(ratios([200, 20, 202], [100, 10, 100])).toEqual({ median: 2, least: 2, most: 2.02 });
  });

  it("ignore rounds that only one of them has", () => {
    expect(ratios([4, 4, 40], [2, 2])).toEqual({ median: 2, least: 2, most: 2 });
  });
});
