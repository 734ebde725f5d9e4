import { expect, expectTypeOf, it, vi } from "vitest";
import { TestkitError } from "./errors.js";
import { eventually } from "./eventually.js";

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

it("reports what was waited for, and the last value", async () => {
  const error = await eventually(() => 0, { within: 20 }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TestkitError);
  expect(error).toMatchObject({ name: "TestkitError", code: "MUOVE_TESTKIT_TIMEOUT" });
  expect(error.message).toBe("Waited 20 ms in vain for: () => 0\nSeen last: 0");
});

it("reports the last error, and has it as its cause", async () => {
  const cause = new RangeError("too far");
  const condition = (): never => {
    throw cause;
  };
  const error = await eventually(condition, { within: 20, what: "the horizon" }).catch((thrown) => thrown);
  expect(error.message).toBe("Waited 20 ms in vain for: the horizon\nSeen last: it threw RangeError: too far");
  expect(error.cause).toBe(cause);
});

it("ends in time even if a check never settles", async () => {
  const waiting = eventually(() => new Promise<boolean>(() => {}), { within: 20 });
  await expect(waiting).rejects.toThrow("Seen last: nothing, the first look has not come back");
});

it("has a stack that starts at the waiting line", async () => {
  const error = await eventually(() => false, { within: 5 }).catch((thrown) => thrown);
  expect(error.stack.split("\n")[2]).toContain("eventually.test.ts");
});

it("leaves no timer behind", async () => {
  vi.useFakeTimers();
  try {
    await eventually(() => true);
    expect(vi.getTimerCount()).toBe(0);
    const failing = eventually(() => false, { within: 100 }).catch(() => "late");
    await vi.advanceTimersByTimeAsync(100);
    expect(await failing).toBe("late");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("checks its options", () => {
  expect(() => eventually(() => 1, { within: -1, whta: "x" } as object)).toThrow(/within must be[\s\S]*"whta"/);
});
