import { describe, expectTypeOf, test } from "vitest";
import type { Answer, Degraded, Delivered, Faulty, NoAnswer, Outcome, Unavailable } from "../index.js";

type Declared = { readonly code: "SOLD_OUT"; readonly data: { until: string } };
declare const outcome: Outcome<{ cents: number }, Declared>;

type Reason<R extends NoAnswer["reason"]> = Extract<NoAnswer, { reason: R }>;

describe("an outcome", () => {
  test("has no value before its status is checked", () => {
    // @ts-expect-error it may have none
    outcome.value;
    // @ts-expect-error it may have none
    outcome.error;
    // @ts-expect-error it may have none
    outcome.reason;
    if (outcome.status === "ok") expectTypeOf(outcome.value).toEqualTypeOf<{ cents: number }>();
  });

  test("is one of four, and a switch over them is exhaustive", () => {
    const answer = (): string => {
      switch (outcome.status) {
        case "ok":
          return `${outcome.value.cents}`;
        case "failed":
          return outcome.error.data.until;
        case "unavailable":
          return outcome.reason;
        case "faulty":
          return outcome.reason;
      }
    };
    expectTypeOf(answer).returns.toEqualTypeOf<string>();
  });

  test("cannot have failed where the contract declares no errors", () => {
    expectTypeOf<Outcome<number>["status"]>().toEqualTypeOf<"ok" | "unavailable" | "faulty">();
    expectTypeOf<Outcome<number, Declared>["status"]>().toEqualTypeOf<"ok" | "failed" | "unavailable" | "faulty">();
  });

  test("is never degraded: only a fallback makes it so", () => {
    expectTypeOf<Extract<Outcome<number, Declared>, { status: "degraded" }>>().toEqualTypeOf<never>();
  });

  test("cannot be changed", () => {
    // @ts-expect-error
    outcome.status = "ok";
    // @ts-expect-error
    outcome.delivered = "no";
  });

  test("narrows `delivered` by its reason", () => {
    expectTypeOf<Reason<"absent">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"overloaded">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"draining">["delivered"]>().toEqualTypeOf<"no" | "maybe">();
    expectTypeOf<Reason<"circuit-open">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"forbidden">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"expired">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"rejected">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"unknown-message">["delivered"]>().toEqualTypeOf<"no">();
    expectTypeOf<Reason<"timeout">["delivered"]>().toEqualTypeOf<"maybe">();
    expectTypeOf<Reason<"unreachable">["delivered"]>().toEqualTypeOf<"no" | "maybe">();
    expectTypeOf<Reason<"cancelled">["delivered"]>().toEqualTypeOf<"no" | "maybe">();
    expectTypeOf<Reason<"crashed">["delivered"]>().toEqualTypeOf<"yes">();
    expectTypeOf<Reason<"reply-too-large">["delivered"]>().toEqualTypeOf<"yes">();
    expectTypeOf<Reason<"invalid-reply">["delivered"]>().toEqualTypeOf<"yes">();
  });

  test("narrows by its reason once its status is checked", () => {
    if (outcome.status === "unavailable" && outcome.reason === "overloaded") {
      expectTypeOf(outcome.retryAfter).toEqualTypeOf<number>();
    }
    if (outcome.status === "unavailable" && outcome.reason === "absent") {
      expectTypeOf(outcome.delivered).toEqualTypeOf<"no">();
    }
    // @ts-expect-error a reason of the other status
    if (outcome.status === "unavailable" && outcome.reason === "crashed") return;
    if (outcome.status === "faulty" && outcome.reason === "rejected") {
      expectTypeOf(outcome.issues[0]?.message).toEqualTypeOf<string | undefined>();
    }
  });

  test("has exactly the reasons of the outcome table", () => {
    expectTypeOf<Unavailable["reason"]>().toEqualTypeOf<
      | "unreachable"
      | "absent"
      | "overloaded"
      | "draining"
      | "timeout"
      | "circuit-open"
      | "forbidden"
      | "expired"
      | "cancelled"
    >();
    expectTypeOf<Faulty["reason"]>().toEqualTypeOf<
      "crashed" | "reply-too-large" | "invalid-reply" | "rejected" | "refused" | "unknown-message"
    >();
  });
});

test("a degraded outcome has the outcome that it replaces", () => {
  expectTypeOf<Degraded<number>["outcome"]>().toEqualTypeOf<NoAnswer>();
  expectTypeOf<Degraded<number>["reason"]>().toEqualTypeOf<NoAnswer["reason"]>();
  expectTypeOf<Degraded<number>["delivered"]>().toEqualTypeOf<Delivered>();
  expectTypeOf<Degraded<number>["age"]>().toEqualTypeOf<number | undefined>();
});

test("orThrow returns a plain promise of the value", () => {
  const answer = {} as Answer<Outcome<{ cents: number }, Declared>>;
  expectTypeOf(answer.orThrow()).toEqualTypeOf<Promise<{ cents: number }>>();
  expectTypeOf(({} as Answer<Outcome<undefined>>).orThrow()).toEqualTypeOf<Promise<undefined>>();
  expectTypeOf(({} as Answer<Degraded<number>>).orThrow()).toEqualTypeOf<Promise<number>>();
});
