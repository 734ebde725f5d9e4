import { describe, expect, test } from "vitest";
import * as ending from "../outcome/endings.js";
import { pauseBefore } from "./retry.js";
import { RetryBudget } from "./retry-budget.js";

const at = "m.x";
const once = { retries: 1, idempotent: false };
const idempotent = { retries: 1, idempotent: true };

describe("a call is retried", () => {
  test.each([ending.unreachable(at, "no"), ending.absent(at), ending.overloaded(at, 5)])(
    "if it was not delivered: $reason/$delivered",
    (outcome) => {
      expect(pauseBefore(outcome, 1, once)).toBeGreaterThan(0);
    },
  );

  test.each([ending.rejected(at, []), ending.unknownMessage(at)])(
    "if one of several instances has another contract, and not if there is only one: $reason",
    (outcome) => {
      expect(pauseBefore(outcome, 1, once)).toBeGreaterThan(0);
      expect(pauseBefore(outcome, 2, once)).toBeUndefined();
      expect(pauseBefore(outcome, 1, { ...once, retries: 0 })).toBeUndefined();
      expect(pauseBefore(outcome, 1, { ...once, alone: true })).toBeUndefined();
    },
  );

  test.each([ending.timedOut(at, 5), ending.unreachable(at, "maybe")])(
    "if it may have been delivered, only when idempotent: $reason/$delivered",
    (outcome) => {
      expect(pauseBefore(outcome, 1, once)).toBeUndefined();
      expect(pauseBefore(outcome, 1, idempotent)).toBeGreaterThan(0);
    },
  );

  test.each([
    ending.cancelled(at, "no"),
    ending.expired(at),
    ending.forbidden(at),
    ending.refused(at, "the token has expired"),
    ending.crashed(at, "id"),
    ending.replyTooLarge(at, "x"),
    ending.invalidReply(at, []),
    ending.failed(at, { code: "GONE" }),
  ])("never if the outcome would be the same: $status/$reason", (outcome) => {
    expect(pauseBefore(outcome, 1, { retries: 100, idempotent: true })).toBeUndefined();
  });

  test("at most `retries` times", () => {
    expect(pauseBefore(ending.absent(at), 3, { retries: 3, idempotent: false })).toBeGreaterThan(0);
    expect(pauseBefore(ending.absent(at), 4, { retries: 3, idempotent: false })).toBeUndefined();
  });

  test("at once when a draining instance refused it, even with 0 retries, a bounded number of times", () => {
    const never = { retries: 0, idempotent: false };
    expect(pauseBefore(ending.draining(at, "no"), 1, never)).toBe(0);
    expect(pauseBefore(ending.draining(at, "no"), 100, never)).toBeUndefined();
  });

  test("only if it is idempotent when a draining instance may have handled it", () => {
    const interrupted = ending.draining(at, "maybe");
    expect(pauseBefore(interrupted, 1, { retries: 1, idempotent: false })).toBeUndefined();
    expect(pauseBefore(interrupted, 1, { retries: 0, idempotent: true })).toBeUndefined();
    expect(pauseBefore(interrupted, 1, { retries: 1, idempotent: true })).toBeGreaterThan(0);
  });

  test.each([ending.absent(at), ending.draining(at, "no")])(
    "never to a single instance that is gone: $reason",
    (outcome) => {
      expect(pauseBefore(outcome, 1, { retries: 100, idempotent: true, alone: true })).toBeUndefined();
    },
  );
});

describe("the pause before a retry", () => {
  const often = { retries: 100, idempotent: false };
  const pauses = (attempt: number) =>
    Array.from({ length: 200 }, () => pauseBefore(ending.absent(at), attempt, often) ?? 0);

  test("grows, and is bounded", () => {
    expect(Math.max(...pauses(1))).toBeLessThanOrEqual(40);
    expect(Math.max(...pauses(3))).toBeGreaterThan(40);
    expect(Math.max(...pauses(50))).toBeLessThanOrEqual(500);
    for (const attempt of [1, 3, 50]) expect(Math.min(...pauses(attempt))).toBeGreaterThanOrEqual(20);
  });

  test("is jittered, so that callers spread", () => {
    expect(new Set(pauses(3)).size).toBeGreaterThan(100);
  });

  test("is one to two times what an overloaded mailbox says", () => {
    for (let i = 0; i < 100; i++) {
      const pause = pauseBefore(ending.overloaded(at, 50), 1, often);
      expect(pause).toBeGreaterThanOrEqual(50);
      expect(pause).toBeLessThanOrEqual(100);
    }
  });
});

test("the budget allows retries for a tenth of all calls, and a few at first", () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let calls = 0; calls < 1_000; calls++) {
    budget.earn();
    while (retries < 1_000 && budget.spend()) retries++;
  }
  expect(retries).toBeGreaterThanOrEqual(100);
  expect(retries).toBeLessThanOrEqual(115);
});

test("the budget never exceeds its initial size", () => {
  const budget = new RetryBudget();
  for (let calls = 0; calls < 10_000; calls++) budget.earn();
  let retries = 0;
  while (retries < 1_000 && budget.spend()) retries++;
  expect(retries).toBe(10);
});
