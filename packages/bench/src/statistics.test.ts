import { describe, expect, it } from "vitest";
import { medianInterval, ratios, spread } from "./statistics.js";

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

describe("the interval of a median", () => {
  const upTo = (last: number) => Array.from({ length: last }, (_, i) => last - i);

  it("is what tables of the sign test have", () => {
    expect(medianInterval(upTo(6))).toEqual({ least: 1, most: 6 });
    expect(medianInterval(upTo(20))).toEqual({ least: 6, most: 15 });
    expect(medianInterval(upTo(50))).toEqual({ least: 18, most: 33 });
  });

  it("is not moved by outliers", () => {
    expect(medianInterval([...upTo(17), 1e9, 1e9, 1e9])).toEqual({ least: 6, most: 15 });
  });

  it("needs six values", () => {
    expect(() => medianInterval(upTo(5))).toThrow("5 values are too few");
  });

  it("has the true median in it at least 95 times of 100, even where the distribution is lopsided", () => {
    const random = numbers();
    // Exponentially distributed, with the median ln 2.
    const samples = Array.from({ length: 4_000 }, () => Array.from({ length: 20 }, () => -Math.log(random())));
    const right = samples.map(medianInterval).filter(({ least, most }) => least <= Math.LN2 && Math.LN2 <= most);
    expect(right.length / samples.length).toBeGreaterThan(0.95);
  });
});

/** Random numbers between 0 and 1, always the same. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
