import { expect, expectTypeOf, it, vi } from "vitest";
import { TestkitError } from "./errors.js";
import { type EventuallyOptions, eventually } from "./eventually.js";

it("resolves to the first truthy value, with its type", async () => {
  let looks = 0;
  const found = await eventually(() => (++looks < 3 ? undefined : { looks }));
  expectTypeOf(found).toEqualTypeOf<{ looks: number }>();
  expect(found).toEqual({ looks: 3 });
});

it("treats an error or a rejection as not yet", async () => {
  let looks = 0;
  const condition = async (): Promise<string> => {
    if (++looks < 3) throw new Error("not yet");
    return "now";
  };
  expect(await eventually(condition)).toBe("now");
});

it("reports what it waited for, and the last value", async () => {
  const error = await eventually(() => 0, { within: 20 }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TestkitError);
  expect(error).toMatchObject({ name: "TestkitError", code: "MUOVE_TESTKIT_TIMEOUT" });
  expect(error.message).toBe("Waited 20 ms in vain for: () => 0\nLast seen: 0");
});

it("reports the last error, and has it as its cause", async () => {
  const cause = new RangeError("too far");
  const condition = (): never => {
    throw cause;
  };
  const error = await eventually(condition, { within: 20, what: "the horizon" }).catch((thrown) => thrown);
  expect(error.message).toBe("Waited 20 ms in vain for: the horizon\nLast seen: it threw RangeError: too far");
  expect(error.cause).toBe(cause);
});

it("ends in time even if a check never settles", async () => {
  const waiting = eventually(() => new Promise<boolean>(() => {}), { within: 20 });
  await expect(waiting).rejects.toThrow("Last seen: nothing, as the first check has not settled");
});

it("pauses between checks for at most `every` ms, 50 by default", async () => {
  const looks = async (options: EventuallyOptions): Promise<number> => {
    let count = 0;
    await eventually(() => ++count === 0, { within: 300, ...options }).catch(() => {});
    return count;
  };
  // After 0, 1, 3, 7, 15, 31 and 63 ms, then every 50.
  expect(await looks({})).toBeLessThanOrEqual(11);
  expect(await looks({ every: 2 })).toBeGreaterThan(11);
});

it("works and times out with fake timers", async () => {
  vi.useFakeTimers();
  try {
    let looks = 0;
    expect(await eventually(() => ++looks === 3)).toBe(true);
    await expect(eventually(() => false, { within: 20 })).rejects.toThrow("Waited 20 ms");
  } finally {
    vi.useRealTimers();
  }
});

it("points at the line that waited", async () => {
  const error = await eventually(() => false, { within: 5 }).catch((thrown) => thrown);
  expect(error.stack.split("\n")[2]).toContain("eventually.test.ts");
});

it("leaves no timer behind", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  await eventually(() => true);
  expect(timers()).toBe(before);
  await eventually(() => false, { within: 20 }).catch(() => {});
  expect(timers()).toBe(before);
});

it("checks its options", () => {
  expect(() => eventually(() => 1, { within: -1, whta: "x" } as object)).toThrow(/within must be[\s\S]*"whta"/);
});
