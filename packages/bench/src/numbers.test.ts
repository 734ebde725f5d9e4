import { describe, expect, it } from "vitest";
import { duration, micros, ratio, size, whole } from "./numbers.js";

describe("numbers in reports", () => {
  it("have a unit that fits their size", () => {
    expect([0.0024, 0.035, 0.31, 1.26, 9.96, 12.5, 1_234].map(duration)).toEqual([
      "2.4 µs",
      "35 µs",
      "0.31 ms",
      "1.3 ms",
      "10.0 ms",
      "13 ms",
      "1,234 ms",
    ]);
    expect([512, 2_367, 14_320, 3 * 2 ** 20, -2_048].map(size)).toEqual([
      "0.50 KiB",
      "2.31 KiB",
      "14.0 KiB",
      "3.00 MiB",
      "-2.00 KiB",
    ]);
    expect([1.24, 212.4].map(micros)).toEqual(["1.2", "212"]);
    expect(whole(20_795.4)).toBe("20,795");
  });

  it("show how far rounds lie apart", () => {
    expect(ratio({ median: 2, least: 1.914, most: 2.5 })).toBe("2.00 (1.91 to 2.50)");
  });
});
