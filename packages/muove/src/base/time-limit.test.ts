import { describe, expect, it } from "vitest";
import { late, timeLimited } from "./time-limit.js";

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("a time limit", () => {
  it("gives the result if it comes in time, and `late` otherwise", async () => {
    expect(await timeLimited(Promise.resolve(1), 10_000)).toBe(1);
    expect(await timeLimited(new Promise(() => {}), 1)).toBe(late);
    await expect(timeLimited(Promise.reject(new Error("no")), 10_000)).rejects.toThrow("no");
  });

  it("leaves no timer behind", async () => {
    const before = timers();
    await timeLimited(Promise.resolve(), 60_000);
    await timeLimited(Promise.reject(new Error("no")), 60_000).catch(() => {});
    expect(timers()).toBe(before);
  });
});
