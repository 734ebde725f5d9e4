// F19 of the failure table, and the other guarantees of fallbacks.

import { getActiveResourcesInfo } from "node:process";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { InvalidOptions } from "../base/invalid-options.js";
import { Call } from "../call/call.js";
import { type Degraded, FallbackError, lastKnown, type NoAnswer, type Outcome } from "../index.js";
import * as ending from "../outcome/endings.js";
import { Memory } from "../peers/memory.js";
import type { FallbackOrigin } from "./settle.js";

const absent = ending.absent("pricing.quote");
const anything = z.unknown();

/** Stands in for the bus: has its own memory, and a time limit that no test reaches by accident. */
function origin(given: Partial<FallbackOrigin> = {}): FallbackOrigin {
  return {
    address: "pricing.quote",
    input: { sku: "a" },
    output: anything,
    memory: new Memory(),
    patience: () => 10_000,
    degraded: () => {},
    failed: () => {},
    sent: () => given.input ?? { sku: "a" },
    ...given,
  };
}

/** A call that has ended. */
function ended(outcome: Outcome<unknown, { code: string }>, from = origin()) {
  const call = new Call<unknown, unknown, { code: string }>({ origin: from }, (resolve) => resolve(outcome));
  return {
    orElse: (...chain: unknown[]) =>
      call.orElse(...(chain as unknown as [string])) as Promise<Degraded<unknown> | NoAnswer>,
  };
}

describe("a fallback answers", () => {
  const missing = [
    ending.unreachable("m.x", "maybe"),
    ending.absent("m.x"),
    ending.overloaded("m.x", 5),
    ending.draining("m.x", "no"),
    ending.draining("m.x", "maybe"),
    ending.timedOut("m.x", 5),
    ending.forbidden("m.x"),
    ending.expired("m.x"),
    ending.cancelled("m.x", "no"),
    ending.crashed("m.x", "id"),
    ending.replyTooLarge("m.x", "text"),
    ending.invalidReply("m.x", []),
    ending.rejected("m.x", []),
    ending.refused("m.x", "the token has expired"),
    ending.unknownMessage("m.x"),
  ];

  test.each(missing)("for $status/$reason, and says so", async (outcome) => {
    const { reason, delivered } = outcome;
    expect(await ended(outcome).orElse("list price")).toEqual({
      status: "degraded",
      value: "list price",
      reason,
      delivered,
      outcome,
      source: "constant",
      age: undefined,
    });
  });

  test("but not for failed, which is an answer", async () => {
    const failed = ending.failed("m.x", { code: "SOLD_OUT" });
    const fallback = vi.fn();
    expect(await ended(failed).orElse(fallback)).toBe(failed);
    expect(fallback).not.toHaveBeenCalled();
  });

  test("but not for ok", async () => {
    const ok = ending.ok(1);
    const fallback = vi.fn();
    expect(await ended(ok).orElse(fallback)).toBe(ok);
    expect(fallback).not.toHaveBeenCalled();
  });

  test.each([0, "", false, null, Number.NaN, undefined, 0n])(
    "with %s as a constant: falsy values count",
    async (value) => {
      expect(await ended(absent).orElse(value)).toMatchObject({ status: "degraded", value, source: "constant" });
    },
  );

  test.each([0, "", false, null, Number.NaN, undefined, 0n])("with %s as a function's answer", async (value) => {
    const later = async () => value;
    expect(await ended(absent).orElse(() => value)).toMatchObject({ status: "degraded", value, source: "function" });
    expect(await ended(absent).orElse(later)).toMatchObject({ status: "degraded", value, source: "function" });
  });

  test("with access to the input and the outcome", async () => {
    const fallback = vi.fn(() => 1);
    const input = { sku: "a" };
    await ended(absent, origin({ input })).orElse(fallback);
    expect(fallback.mock.calls).toEqual([[input, absent]]);
    expect((fallback.mock.calls as unknown[][])[0]?.[0]).toBe(input);
  });

  test("as the contract's schema parses it", async () => {
    const from = origin({ output: z.object({ cents: z.int().default(7) }) });
    expect(await ended(absent, from).orElse({})).toMatchObject({ status: "degraded", value: { cents: 7 } });
  });

  test("and the bus is notified once", async () => {
    const degraded = vi.fn();
    const outcome = await ended(absent, origin({ degraded })).orElse(async () => Promise.reject(new Error("x")), 1);
    expect(degraded.mock.calls).toEqual([[outcome]]);
  });
});

describe("the next fallback is tried, and the error kept,", () => {
  const boom = new Error("boom");

  test.each([
    [
      "throws",
      () => {
        throw boom;
      },
    ],
    ["rejects", () => Promise.reject(boom)],
    // biome-ignore lint/suspicious/noThenProperty: the point of this case
    ["is a thenable that rejects", () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(boom) })],
  ])("when one %s", async (_, fallback) => {
    expect(await ended(absent).orElse(fallback, 2)).toMatchObject({
      status: "degraded",
      value: 2,
      fallbackErrors: [boom],
    });
  });

  test("when one exceeds its time limit", async () => {
    const never = () => new Promise(() => {});
    const outcome = await ended(absent, origin({ patience: () => 5 })).orElse(never, 2);
    expect(outcome).toMatchObject({ status: "degraded", value: 2 });
    expect(outcome.fallbackErrors).toEqual([expect.any(FallbackError)]);
    expect(String(outcome.fallbackErrors?.[0])).toContain("pricing.quote did not answer within 5 ms");
  });

  test("when one breaks the contract: a function, a promise", async () => {
    const from = origin({ output: z.number() });
    const outcome = await ended(absent, from).orElse(
      () => "text",
      async () => "text",
      2,
    );
    expect(outcome).toMatchObject({ status: "degraded", value: 2 });
    expect(outcome.fallbackErrors).toHaveLength(2);
    for (const error of outcome.fallbackErrors ?? []) expect(error).toBeInstanceOf(FallbackError);
  });

  test("when one throws undefined, which counts as an error too", async () => {
    const fallback = () => Promise.reject(undefined);
    expect(await ended(absent).orElse(fallback)).toEqual({ ...absent, fallbackErrors: [undefined] });
  });
});

test("a constant that breaks the contract is refused at declaration, not in the outage", () => {
  const from = origin({ output: z.int() });
  expect(() => ended(ending.ok(1), from).orElse(0.5)).toThrow(InvalidOptions);
  expect(() => ended(ending.ok(1), from).orElse()).toThrow(InvalidOptions);
});

test("a remembered answer was parsed when it came, and is not parsed again", async () => {
  const from = origin({ output: z.string().transform((text) => `${text}!`) });
  await ended(ending.ok("a!"), from).orElse(lastKnown());
  expect(await ended(absent, from).orElse(lastKnown())).toMatchObject({ source: "last-known", value: "a!" });
});

test("a constant is copied each time, so that no caller can modify it for the next", async () => {
  const list = { tags: ["tea"] };
  const first = (await ended(absent).orElse(list)) as Degraded<typeof list>;
  first.value.tags.push("changed");
  expect(await ended(absent).orElse(list)).toMatchObject({ value: { tags: ["tea"] } });
});

describe("a chain", () => {
  test("is tried in order, one after the other, up to the first answer", async () => {
    const asked: string[] = [];
    const step = (name: string, answer: () => unknown) => () => {
      asked.push(name);
      return answer();
    };
    const slow = step("slow", () => new Promise((_, reject) => setImmediate(() => reject(new Error("slow")))));
    const last = step("last", () => 3);
    const outcome = await ended(absent).orElse(
      slow,
      lastKnown(),
      step("good", () => 2),
      last,
    );
    expect(asked).toEqual(["slow", "good"]);
    expect(outcome).toMatchObject({ value: 2 });
  });

  test("without an answer and without an error returns the original outcome", async () => {
    expect(await ended(absent).orElse(lastKnown())).toBe(absent);
  });

  test("in which every fallback fails returns the original outcome, with all errors in order", async () => {
    const [first, second] = [new Error("first"), new Error("second")];
    const outcome = await ended(absent).orElse(
      () => Promise.reject(first),
      lastKnown(),
      () => Promise.reject(second),
    );
    expect(outcome).toEqual({ ...absent, fallbackErrors: [first, second] });
    expect(absent).not.toHaveProperty("fallbackErrors");
  });

  test("leaves no timer behind when a fallback answers in time", async () => {
    const before = timers();
    await ended(absent).orElse(async () => 1);
    expect(timers()).toBe(before);
  });

  test("with a fallback that rejects after its time limit leaves no unhandled rejection", async () => {
    const seen = vi.fn();
    process.on("unhandledRejection", seen);
    try {
      let rejectLater = (_: Error): void => {};
      const late = () =>
        new Promise((_, reject) => {
          rejectLater = reject;
        });
      await ended(absent, origin({ patience: () => 1 })).orElse(late, 1);
      rejectLater(new Error("late"));
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", seen);
    }
  });
});

describe("lastKnown", () => {
  test("repeats the last real answer to the same input, with its age", async () => {
    const from = origin();
    await ended(ending.ok({ cents: 5 }), from).orElse(lastKnown());
    const outcome = await ended(absent, from).orElse(lastKnown());
    expect(outcome).toMatchObject({ status: "degraded", value: { cents: 5 }, source: "last-known" });
    expect((outcome as Degraded<unknown>).age).toBeTypeOf("number");
  });

  test("refuses names of metadata that cannot be", () => {
    expect(() => lastKnown({ meta: "tenant" as never })).toThrow(/meta must be a list of names of metadata/);
    expect(() => lastKnown({ meta: ["a b"] })).toThrow(InvalidOptions);
  });

  test("remembers real answers, not those of other fallbacks", async () => {
    const from = origin();
    await ended(absent, from).orElse(lastKnown(), 7);
    expect(await ended(absent, from).orElse(lastKnown())).toBe(absent);
  });

  test("does not remember a declared error", async () => {
    const from = origin();
    await ended(ending.failed("m.x", { code: "SOLD_OUT" }), from).orElse(lastKnown());
    expect(await ended(absent, from).orElse(lastKnown())).toBe(absent);
  });

  test("has nothing for whom the service refused; what comes after it still answers", async () => {
    const from = origin();
    await ended(ending.ok({ cents: 5 }), from).orElse(lastKnown());
    const refused = ending.refused("m.x", "the token has expired");
    expect(await ended(refused, from).orElse(lastKnown())).toBe(refused);
    expect(await ended(refused, from).orElse(lastKnown(), 7)).toMatchObject({ value: 7, source: "constant" });
  });

  test("does no work if it is not in the chain", async () => {
    const memory = new Memory();
    const keep = vi.spyOn(memory, "keep");
    await ended(ending.ok(1), origin({ memory })).orElse(2);
    expect(keep).not.toHaveBeenCalled();
  });

  test("leaves an answer as it is if it cannot keep it", async () => {
    const ok = ending.ok(new Set([1]));
    expect(await ended(ok).orElse(lastKnown())).toBe(ok);
  });
});

const timers = (): number => getActiveResourcesInfo().filter((name) => name === "Timeout").length;
