import { describe, expect, test } from "vitest";
import type { Deadlines } from "../base/deadlines.js";
import { Slot } from "./slot.js";

/** Deadlines that record their timeouts. */
function recordingDeadlines() {
  const timeouts: number[] = [];
  const add = (timeout: number) => {
    timeouts.push(timeout);
    return { delete: () => {} };
  };
  return { timeouts, deadlines: { add } as unknown as Deadlines };
}

describe("a slot", () => {
  // Regression: 200,000 calls with different timeouts left as many queues and timers, for up to 24 days.
  test("uses few distinct deadlines, whatever timeouts callers choose, and is late by at most a sixteenth", () => {
    const { timeouts, deadlines } = recordingDeadlines();
    const times = Array.from({ length: 200_000 }, (_, i) => i + 1);
    for (const time of times) new Slot(deadlines, 0, time, time, "work", () => {});
    const wrong = times.filter(
      (time, i) => (timeouts[i] ?? 0) < time || (timeouts[i] ?? 0) > Math.ceil((time * 17) / 16),
    );
    expect(wrong).toEqual([]);
    expect(new Set(timeouts).size).toBeLessThan(350);
  });

  test.each([
    ["abandoned when its caller gave up before", 10, ["overdue", "abandoned"]],
    ["abandoned if it has no caller", Number.POSITIVE_INFINITY, ["overdue", "abandoned"]],
    ["runaway while its caller waits for longer", 60_000, ["overdue", "runaway", "abandoned"]],
  ])("becomes overdue, then %s", (_, callerHas, expected) => {
    const { deadlines } = recordingDeadlines();
    const states: string[] = [];
    const now = performance.now();
    const slot = new Slot(deadlines, now - 50, now - 50 + callerHas, now - 30, "work", ({ state }) =>
      states.push(state),
    );
    expect(slot.state).toBe("in time");
    for (let i = 0; i < expected.length; i++) slot.expire();
    expect(states).toEqual(expected);
  });
});
