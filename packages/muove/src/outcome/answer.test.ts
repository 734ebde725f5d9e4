import { describe, expect, test } from "vitest";
import { CallError, type Failed, type NoAnswer, type Ok } from "../index.js";
import { Answer } from "./answer.js";
import * as ending from "./endings.js";

type Any = Ok<number> | Failed<{ code: string }> | NoAnswer;
const answer = (outcome: Any) => new Answer<Any>((resolve) => resolve(outcome));
const ok = ending.ok(1);
const absent = ending.absent("pricing.quote");

describe("an answer is a promise:", () => {
  test("it can be awaited, raced, and passed to Promise.all", async () => {
    expect(await answer(ok)).toBe(ok);
    expect(await Promise.all([answer(ok), answer(absent), 2])).toEqual([ok, absent, 2]);
    expect(await Promise.race([answer(ok)])).toBe(ok);
    expect(await Promise.resolve(answer(ok))).toBe(ok);
  });

  test("then, catch and finally return plain promises without orThrow", async () => {
    for (const promise of [answer(ok).then((it) => it), answer(ok).catch(() => 1), answer(ok).finally(() => {})]) {
      expect(promise).toBeInstanceOf(Promise);
      expect(promise).not.toBeInstanceOf(Answer);
      expect(promise).not.toHaveProperty("orThrow");
    }
    expect(await answer(ok).then(({ status }) => status)).toBe("ok");
  });

  test("await takes one turn, as for a plain promise", async () => {
    const order: string[] = [];
    const waits = [
      (async () => {
        await answer(ok);
        order.push("answer");
      })(),
      (async () => {
        await Promise.resolve();
        order.push("plain");
      })(),
    ];
    await Promise.all(waits);
    expect(order).toEqual(["answer", "plain"]);
  });
});

describe("orThrow", () => {
  test("returns the value of ok and degraded", async () => {
    expect(await answer(ok).orThrow()).toBe(1);
    const degraded = { status: "degraded", value: 2 } as never;
    expect(await answer(degraded).orThrow()).toBe(2);
  });

  test.each([
    [ending.failed("m.x", { code: "SOLD_OUT" }), "MUOVE_CALL_FAILED"],
    [absent, "MUOVE_CALL_UNAVAILABLE"],
    [ending.crashed("m.x", "id"), "MUOVE_CALL_FAULTY"],
  ])("throws a CallError with the outcome", async (outcome, code) => {
    const error: unknown = await answer(outcome)
      .orThrow()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ name: "CallError", code, outcome, message: outcome.message });
    expect((error as CallError).outcome).toBe(outcome);
  });

  test("has a stack that starts at the calling line, without frames of Muove", async () => {
    const pending = answer(absent);
    const rejected = theCallersLine(pending);
    const { stack = "" } = (await rejected.catch((error: Error) => error)) as Error;
    const [first, second] = stack.split("\n");
    expect(first).toBe("CallError: pricing.quote was not delivered: nobody listens at that address");
    expect(second).toContain("theCallersLine");
  });
});

function theCallersLine(pending: Answer<Any>): Promise<number> {
  return pending.orThrow();
}
