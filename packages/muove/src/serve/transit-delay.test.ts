import { describe, expect, test } from "vitest";
import { TransitDelay } from "./transit-delay.js";

const minute = 60_000;

describe("the transit delay of a message", () => {
  test("TRANSIT-DELAY-1 is relative to a sender's first message", () => {
    expect(new TransitDelay().waited("a/1", 5, 1_000)).toBe(0);
  });

  test.each([0, 3_600_000, -3_600_000])(
    "is what exceeds the normal transit time, with clocks %i ms apart (F16)",
    (skew) => {
      const transit = new TransitDelay();
      transit.waited("a/1", 1_000 + skew, 1_001);
      expect(transit.waited("a/1", 2_000 + skew, 2_001)).toBe(0);
      expect(transit.waited("a/1", 3_000 + skew, 3_501)).toBe(500);
    },
  );

  test("is known once a few messages were faster than those before them", () => {
    const transit = new TransitDelay();
    expect(transit.waited("a/1", 1_000, 1_400)).toBe(0);
    for (let n = 0; n < 5; n++) expect(transit.waited("a/1", 2_000 + n, 2_001 + n)).toBe(0);
    expect(transit.waited("a/1", 3_000, 3_400)).toBe(399);
  });

  test.each([100_000, 299_000, -299_000])(
    "TRANSIT-DELAY-4 is wrong by 100 ms at most after one message that forges a known clock by %i ms",
    (ahead) => {
      const transit = new TransitDelay();
      for (let at = 0; at < 3 * minute; at += 500) {
        if (at === 30_000) transit.waited("a/1", at + ahead, at); // In the middle of a window.
        if (at === 60_500) transit.waited("a/1", at + ahead, at); // The first of a window.
        expect(transit.waited("a/1", at, at + 1)).toBeLessThanOrEqual(201);
      }
      expect(transit.waited("a/1", 3 * minute, 3 * minute + 400)).toBe(399);
    },
  );

  test("is never negative", () => {
    const transit = new TransitDelay();
    for (const took of [50, 40, 45, 1, 30, 0])
      expect(transit.waited("a/1", 1_000, 1_000 + took)).toBeGreaterThanOrEqual(0);
  });

  test("is separate for each sender", () => {
    const transit = new TransitDelay();
    transit.waited("a/1", 1_000, 1_000);
    expect(transit.waited("b/1", 1_000, 9_000)).toBe(0);
  });

  test("adapts to clock drift within a minute or two", () => {
    const transit = new TransitDelay();
    transit.waited("a/1", 0, 0);
    for (let at = 0; at <= 3 * minute; at += 10_000) transit.waited("a/1", at, at + 20);
    expect(transit.waited("a/1", 4 * minute, 4 * minute + 20)).toBe(0);
  });

  test("is 0 if a sender's clock jumped, or somebody forged one", () => {
    const transit = new TransitDelay();
    transit.waited("a/1", 1_000, 1_000);
    transit.waited("a/1", 10 * minute, 1_001); // a forged clock, or one that ran on while the machine slept
    expect(transit.waited("a/1", 1_002, 1_002)).toBe(0);
    expect(transit.waited("a/1", 2_000, 2_300)).toBe(300);
  });

  test("TRANSIT-DELAY-3 is not affected by clocks that others forge while the sender is heard", () => {
    const transit = new TransitDelay();
    for (let at = 0; at < 2 * minute; at += 1_000) {
      expect(transit.waited("a/1", at, at)).toBe(0);
      for (const ahead of [400_000, -400_000, 1e12]) transit.waited("a/1", at + ahead, at + 1);
      expect(transit.waited("a/1", at, at + 30)).toBe(30);
    }
  });

  test.each([100, 2_000, 299_000])(
    "TRANSIT-DELAY-5 is measured again half a second after many messages forged a known clock by %i ms",
    (ahead) => {
      const transit = new TransitDelay();
      for (let at = 0; at < 5_000; at += 100) transit.waited("a/1", at, at);
      for (let n = 0; n < 3_000; n++) transit.waited("a/1", 5_000 + ahead, 5_000);
      const late = [];
      for (let at = 5_000; at < 7_000; at += 100) if (transit.waited("a/1", at, at) > 50) late.push(at);
      expect(late).toEqual([5_000, 5_100, 5_200, 5_300, 5_400]);
    },
  );

  test.each([100, 2_000, 299_000])(
    "TRANSIT-DELAY-5 is not larger for a sender in whose silence messages forged its clock by -%i ms",
    (behind) => {
      const transit = new TransitDelay();
      transit.waited("a/1", 1_000, 1_000);
      for (let at = 2_000; at < 4_000; at += 10) transit.waited("a/1", at - behind, at);
      for (let at = 4_000; at < 30_000; at += 10) expect(transit.waited("a/1", at, at)).toBe(0);
    },
  );

  test("TRANSIT-DELAY-2 is kept for a bounded number of senders", () => {
    const transit = new TransitDelay();
    transit.waited("first/1", 0, 0);
    for (let i = 0; i < 20_000; i++) transit.waited(`a/${i}`, 0, 0);
    expect(transit.waited("first/1", 0, 500)).toBe(0); // it was dropped, so this counts as its first
  });
});
