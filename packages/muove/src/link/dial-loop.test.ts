import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DialLoop } from "./dial-loop.js";
import type { Dialling } from "./dial-race.js";
import { linkDefaults } from "./options.js";

const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED" });
const servers = ["127.0.0.1:1", "127.0.0.2:1", "127.0.0.3:1"];

/** A loop with the longest possible pauses, whose dials all do the same, and what it reported. */
function loopWith(backoff: { min: number; max: number }, connect: () => Promise<never>) {
  const told: unknown[] = [];
  const makeDial = (server: Dialling["server"]): Dialling => {
    return { server, at: server.listen, asked: true, greeted: false, connect, discard: () => {} };
  };
  const loop = new DialLoop(
    { ...linkDefaults, name: "test", servers, backoff },
    (error, attempt, kind) => told.push([error, attempt, kind]),
    () => told.push("round failed"),
    makeDial,
  );
  return { loop, told };
}

/** A loop whose dials fail a number of times, then succeed: `run()` resolves to how long that took. */
function loopAfter(backoff: { min: number; max: number }, failures = 0) {
  let left = failures;
  const { loop, told } = loopWith(backoff, async () => {
    if (left-- > 0) throw refused;
    return undefined as never;
  });
  const run = async () => {
    const began = performance.now();
    expect(await loop.run(async () => loop.arrived(), new AbortController().signal)).toBe(true);
    return performance.now() - began;
  };
  return { loop, told, run };
}

describe("the dial loop", () => {
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.999));
  afterEach(() => void vi.restoreAllMocks());

  it("tries every server before it pauses, and starts the first round at once", async () => {
    const { loop, told, run } = loopAfter({ min: 60_000, max: 60_000 }, 2);
    await run();
    expect(told).toEqual([
      [refused, 1, "refused"],
      [refused, 2, "refused"],
    ]);
    expect(loop.attempts).toBe(0);
    expect(loop.lastError).toBeUndefined();
  });

  it("pauses longer before each round while connections are short-lived", async () => {
    const { loop, run } = loopAfter({ min: 50, max: 400 });
    await run();
    for (const least of [45, 95, 195, 395]) {
      loop.lasted(399);
      expect(await run()).toBeGreaterThan(least);
    }
    loop.lasted(400);
    expect(await run()).toBeLessThan(390);
  });

  it("ends when it is aborted, in a pause or between two servers, and does not report that as a failure", async () => {
    const prepare = () => Promise.reject(new Error("nothing to prepare"));
    const { loop, told } = loopWith({ min: 60_000, max: 60_000 }, () => Promise.reject(refused));
    const paused = new AbortController();
    setTimeout(() => paused.abort(), 20);
    expect(await loop.run(prepare, paused.signal)).toBe(false);
    expect(told).toHaveLength(4);
    expect(told.at(-1)).toBe("round failed");
    const between = new AbortController();
    const { loop: other, told: toldOther } = loopWith({ min: 60_000, max: 60_000 }, () => {
      between.abort();
      return Promise.reject(refused);
    });
    expect(await other.run(prepare, between.signal)).toBe(false);
    expect(toldOther).toEqual([]);
    expect(other.attempts).toBe(1);
  });
});
