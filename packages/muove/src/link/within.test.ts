import { describe, expect, it } from "vitest";
import { within } from "./within.js";

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("within", () => {
  it("gives what comes in time, and nothing when it is late", async () => {
    expect(await within(10_000, Promise.resolve(1))).toBe(1);
    expect(await within(1, new Promise(() => {}))).toBeUndefined();
    await expect(within(10_000, Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  it("leaves no timer", async () => {
    const before = timers();
    await within(60_000, Promise.resolve());
    await within(60_000, Promise.reject(new Error("no"))).catch(() => {});
    expect(timers()).toBe(before);
  });
});
