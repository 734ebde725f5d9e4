import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DialLoop } from "./dial-loop.js";
import { linkDefaults } from "./options.js";

const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
const servers = ["a:1", "b:1", "c:1"];

/** A loop with the longest possible pauses, and what it reported. */
function loopWith(backoff: { min: number; max: number }) {
  const told: unknown[] = [];
  const loop = new DialLoop(
    { ...linkDefaults, name: "test", servers, backoff },
    (error, attempt, kind) => told.push([error, attempt, kind]),
    () => told.push("round failed"),
  );
  return { loop, told };
}

/** Fails a number of times, then succeeds. Resolves to how long that took. */
async function dialAfter(failures: number, loop: DialLoop): Promise<number> {
  let left = failures;
  const began = performance.now();
  const attempt = async () => {
    if (left-- > 0) throw refused;
    loop.arrived();
  };
  await loop.run(attempt, new AbortController().signal);
  return performance.now() - began;
}

describe("the dial loop", () => {
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.999));
  afterEach(() => void vi.restoreAllMocks());

  it("tries every server before it pauses, and starts the first round at once", async () => {
    const { loop, told } = loopWith({ min: 60_000, max: 60_000 });
    await dialAfter(2, loop);
    expect(told).toEqual([
      [refused, 1, "refused"],
      [refused, 2, "refused"],
    ]);
    expect(loop.attempts).toBe(0);
    expect(loop.lastError).toBeUndefined();
  });

  it("pauses longer before each round while connections are short-lived", async () => {
    const { loop } = loopWith({ min: 50, max: 400 });
    await dialAfter(0, loop);
    for (const least of [45, 95, 195, 395]) {
      loop.lasted(399);
      expect(await dialAfter(0, loop)).toBeGreaterThan(least);
    }
    loop.lasted(400);
    expect(await dialAfter(0, loop)).toBeLessThan(390);
  });

  it("ends when it is aborted, in a pause or between two servers, and does not report that as a failure", async () => {
    const { loop, told } = loopWith({ min: 60_000, max: 60_000 });
    const paused = new AbortController();
    setTimeout(() => paused.abort(), 20);
    const attempt = () => Promise.reject(refused);
    expect(await loop.run(attempt, paused.signal)).toBe(false);
    expect(told).toHaveLength(4);
    expect(told.at(-1)).toBe("round failed");
    const { loop: other, told: toldOther } = loopWith({ min: 60_000, max: 60_000 });
    const between = new AbortController();
    const abort = () => {
      between.abort();
      return Promise.reject(refused);
    };
    expect(await other.run(abort, between.signal)).toBe(false);
    expect(toldOther).toEqual([]);
    expect(other.attempts).toBe(1);
  });
});
