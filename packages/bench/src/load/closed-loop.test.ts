import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { closedLoop } from "./closed-loop.js";

const load = { inFlight: 8, bytes: 100, seconds: 0.05 };

describe("the closed loop", () => {
  it("keeps a fixed number of questions in flight", async () => {
    let [now, most] = [0, 0];
    const ask = async (): Promise<boolean> => {
      most = Math.max(most, ++now);
      await sleep(1);
      now--;
      return true;
    };
    const { count } = await closedLoop({ ask }, load);
    expect(most).toBe(8);
    expect(now).toBe(0);
    expect(count).toBeGreaterThan(8);
  });

  it("measures from question to answer, and counts the answers and their duration", async () => {
    const { count, seconds, p50, p999 } = await closedLoop({ ask: () => sleep(10, true) }, load);
    expect(p50).toBeGreaterThan(9);
    expect(p999).toBeGreaterThanOrEqual(p50);
    expect((count / seconds) * (p50 / 1_000)).toBeLessThan(9);
  });

  it("reports no numbers for a contender with a wrong answer", async () => {
    let asked = 0;
    const ask = async (): Promise<boolean> => {
      await sleep(0);
      return ++asked !== 20;
    };
    await expect(closedLoop({ ask }, load)).rejects.toThrow("a wrong answer to question");
  });

  it("reports none for a contender without an answer", async () => {
    const ask = () => Promise.reject(new Error("timeout"));
    await expect(closedLoop({ ask }, load)).rejects.toThrow("timeout");
  });
});
