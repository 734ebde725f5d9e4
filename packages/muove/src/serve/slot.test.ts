import { describe, expect, test } from "vitest";
import type { Deadlines, Expiring } from "../base/deadlines.js";
import { Slot } from "./slot.js";

/** Deadlines that keep what they were given. */
function kept() {
  const timeouts: number[] = [];
  const add = (timeout: number) => {
    timeouts.push(timeout);
    return { delete: () => {} };
  };
  return { timeouts, deadlines: { add } as unknown as Deadlines };
}

describe("a slot", () => {
  // 200,000 calls, each with a timeout of its own, left as many queues and timers, for up to 24 days.
  test("has one of few deadlines, however many times callers choose, and is never late by more than a sixteenth", () => {
    const { timeouts, deadlines } = kept();
    const times = Array.from({ length: 200_000 }, (_, i) => i + 1);
    for (const time of times) new Slot(deadlines, 0, time, time, () => {});
    const wrong = times.filter(
      (time, i) => (timeouts[i] ?? 0) < time || (timeouts[i] ?? 0) > Math.ceil((time * 17) / 16),
    );
    expect(wrong).toEqual([]);
    expect(new Set(timeouts).size).toBeLessThan(350);
  });

  test("is overdue, then endless, by the time that was given it", () => {
    const { deadlines } = kept();
    const standings: string[] = [];
    const now = performance.now();
    const slot: Expiring & { standing: string } = new Slot(deadlines, now, now + 10, now + 20, (standing) =>
      standings.push(standing),
    );
    expect(slot.standing).toBe("in time");
    slot.expire();
    slot.expire();
    expect(standings).toEqual(["overdue", "endless"]);
  });
});
