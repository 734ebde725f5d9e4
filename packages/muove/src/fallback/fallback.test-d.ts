import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Answered,
  type Bus,
  type Call,
  call,
  cast,
  lastKnown,
  mailbox,
  type NoAnswer,
  type NoFallbackAnswered,
  none,
  withFallback,
} from "../index.js";

const quote = { input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }) };
const pricing = mailbox("pricing", {
  quote: call(quote),
  sold: call({ ...quote, errors: { SOLD_OUT: z.object({ until: z.string() }) } }),
  note: call({ output: z.string().nullable() }),
  ping: call(),
  repriced: cast({ input: z.string() }),
});
declare const bus: Bus;
const prices = bus.to(pricing);
const sku = { sku: "a" };
const list = { cents: 1 };

/** The possible statuses of an answer. */
type Statuses<P extends PromiseLike<{ status: string }>> = Awaited<P>["status"];

describe("a chain that always answers", () => {
  test("leaves ok and degraded, and failed only where errors are declared", () => {
    const constant = prices.quote(sku).orElse(list);
    const computed = prices.quote(sku).orElse(({ sku }) => ({ cents: sku.length }));
    const remembered = prices.quote(sku).orElse(lastKnown(), list);
    expectTypeOf<Statuses<typeof constant>>().toEqualTypeOf<"ok" | "degraded">();
    expectTypeOf<Statuses<typeof computed>>().toEqualTypeOf<"ok" | "degraded">();
    expectTypeOf<Statuses<typeof remembered>>().toEqualTypeOf<"ok" | "degraded">();
    const sold = prices.sold(sku).orElse(lastKnown(), list);
    expectTypeOf<Statuses<typeof sold>>().toEqualTypeOf<"ok" | "degraded" | "failed">();
  });

  test("has a value without a check if no errors are declared", async () => {
    const outcome = await prices.quote(sku).orElse(list);
    expectTypeOf(outcome.value.cents).toEqualTypeOf<number>();
    const sold = await prices.sold(sku).orElse(list);
    // @ts-expect-error it may have failed
    sold.value;
  });

  test("may end in a falsy value, or in undefined if there is no output", async () => {
    expectTypeOf((await prices.note().orElse(null)).value).toEqualTypeOf<string | null>();
    expectTypeOf((await prices.note().orElse("")).value).toEqualTypeOf<string | null>();
    expectTypeOf((await prices.ping().orElse(undefined)).value).toEqualTypeOf<undefined>();
  });
});

describe("a chain that may have no answer", () => {
  test("keeps unavailable and faulty", () => {
    const remembered = prices.quote(sku).orElse(lastKnown({ maxAge: 1 }));
    const asked = prices.quote(sku).orElse(async () => list);
    const both = prices.quote(sku).orElse(lastKnown(), async () => list);
    type All = "ok" | "degraded" | "unavailable" | "faulty";
    expectTypeOf<Statuses<typeof remembered>>().toEqualTypeOf<All>();
    expectTypeOf<Statuses<typeof asked>>().toEqualTypeOf<All>();
    expectTypeOf<Statuses<typeof both>>().toEqualTypeOf<All>();
    const sold = prices.sold(sku).orElse(async () => list);
    expectTypeOf<Statuses<typeof sold>>().toEqualTypeOf<All | "failed">();
  });

  test("is completed by a constant or a plain function", () => {
    const closed = prices.quote(sku).orElse(
      lastKnown(),
      async () => list,
      () => list,
    );
    expectTypeOf<Statuses<typeof closed>>().toEqualTypeOf<"ok" | "degraded">();
  });
});

describe("the functions of a chain", () => {
  test("have parameter types from the call", () => {
    prices.quote(sku).orElse((input, outcome) => {
      expectTypeOf(input).toEqualTypeOf<{ sku: string }>();
      expectTypeOf(outcome).toEqualTypeOf<NoAnswer>();
      return list;
    });
    prices.quote(sku).orElse(async (input, outcome) => {
      expectTypeOf(input).toEqualTypeOf<{ sku: string }>();
      expectTypeOf(outcome).toEqualTypeOf<NoAnswer>();
      return list;
    });
    prices.quote(sku).orElse(
      lastKnown(),
      async (input) => ({ cents: input.sku.length }),
      (input, outcome) => ({ cents: input.sku.length + outcome.reason.length }),
    );
  });
});

describe("a compile error is", () => {
  test("no fallback at all", () => {
    // @ts-expect-error
    prices.quote(sku).orElse();
  });

  test("a fallback of a wrong type", () => {
    // @ts-expect-error
    prices.quote(sku).orElse({ cents: "1" });
    // @ts-expect-error
    prices.quote(sku).orElse(undefined);
    // @ts-expect-error
    prices.quote(sku).orElse(() => ({ cents: "1" }));
    // @ts-expect-error
    prices.quote(sku).orElse(async () => ({ cents: "1" }));
    // @ts-expect-error an input that the call does not have
    prices.quote(sku).orElse((input: { id: number }) => ({ cents: input.id }));
    // @ts-expect-error a promise is not a constant
    prices.quote(sku).orElse(Promise.resolve(list));
  });

  test("an unreachable fallback", () => {
    // @ts-expect-error a constant always answers
    prices.quote(sku).orElse(list, lastKnown());
    // @ts-expect-error a constant always answers
    prices.quote(sku).orElse(list, list);
    // @ts-expect-error a plain function always answers
    prices.quote(sku).orElse(() => list, list);
    // @ts-expect-error in any position
    prices.quote(sku).orElse(lastKnown(), () => list, lastKnown());
  });
});

describe("withFallback", () => {
  const safe = withFallback(prices, {
    quote: [lastKnown(), ({ sku }) => ({ cents: sku.length })],
    sold: [lastKnown()],
    note: [null],
    ping: none,
  });

  test("computes the statuses of every call from its chain", () => {
    const calls = { quote: safe.quote(sku), sold: safe.sold(sku), note: safe.note() };
    expectTypeOf<Statuses<typeof calls.quote>>().toEqualTypeOf<"ok" | "degraded">();
    expectTypeOf<Statuses<typeof calls.sold>>().toEqualTypeOf<
      "ok" | "degraded" | "failed" | "unavailable" | "faulty"
    >();
    expectTypeOf<Statuses<typeof calls.note>>().toEqualTypeOf<"ok" | "degraded">();
    const async = withFallback(prices, { quote: [async () => list], sold: none, note: none, ping: none }).quote(sku);
    expectTypeOf<Statuses<typeof async>>().toEqualTypeOf<"ok" | "degraded" | "unavailable" | "faulty">();
  });

  test("leaves casts, and calls with none, as they were", () => {
    expectTypeOf(safe.ping).toEqualTypeOf<typeof prices.ping>();
    expectTypeOf(safe.repriced).toEqualTypeOf<typeof prices.repriced>();
  });

  test("returns a client of the same mailbox", () => {
    expectTypeOf(bus.within({ timeout: 5 }).to(safe)).toEqualTypeOf<typeof safe>();
    // @ts-expect-error a wrong input is an error here too
    safe.quote({ sku: 1 });
    // @ts-expect-error and so is a missing one
    safe.quote();
    safe.quote(sku, { timeout: 5 });
  });

  test("is a compile error when a call is left out", () => {
    // @ts-expect-error ping has neither a chain nor none
    withFallback(prices, { quote: [list], sold: none, note: none });
  });

  test("is a compile error when a name is not a call", () => {
    const others = { quote: none, sold: none, note: none, ping: none } as const;
    // @ts-expect-error a name that the contract does not have
    withFallback(prices, { ...others, qoute: [list] });
    // @ts-expect-error a cast has no answer to replace
    withFallback(prices, { ...others, repriced: none });
  });

  test("is a compile error when a fallback is wrong", () => {
    const others = { sold: none, note: none, ping: none } as const;
    // @ts-expect-error a wrong constant
    withFallback(prices, { ...others, quote: [{ cents: "1" }] });
    // @ts-expect-error a wrong function
    withFallback(prices, { ...others, quote: [() => ({ cents: "1" })] });
    // @ts-expect-error a fallback that can never be reached
    withFallback(prices, { ...others, quote: [list, lastKnown()] });
    // @ts-expect-error an empty chain
    withFallback(prices, { ...others, quote: [] });
    // @ts-expect-error a chain is an array
    withFallback(prices, { ...others, quote: list });
  });
});

describe("an output of any type", () => {
  const free = bus.to(
    mailbox("free", {
      unknown: call({ output: z.unknown() }),
      any: call({ output: z.any() }),
      empty: call({ output: z.object({}) }),
    }),
  );

  test("takes every value as a constant, and types the parameters of functions", () => {
    interface Named {
      readonly name: string;
    }
    const named: Named = { name: "a" };
    for (const value of [1, "a", null, undefined, true, [1], named, new Date()]) {
      const kept = free.unknown().orElse(lastKnown(), value);
      expectTypeOf<Statuses<typeof kept>>().toEqualTypeOf<"ok" | "degraded">();
      free.any().orElse(value);
    }
    free.unknown().orElse({ a: 1 });
    free.unknown().orElse((input, outcome) => {
      expectTypeOf(input).toEqualTypeOf<undefined>();
      expectTypeOf(outcome).toEqualTypeOf<NoAnswer>();
      return 1;
    });
    free.any().orElse((_input, outcome) => outcome.reason);
    free.empty().orElse({});
  });
});

describe("a generic wrapper", () => {
  test("may pass on a constant or a function of its own parameter's type, and the answer is known", () => {
    const constant = <I, T, E>(made: Call<I, T, E>, value: T): Promise<Answered<T, E>> => made.orElse(value);
    const remembered = <I, T, E>(made: Call<I, T, E>, value: T): Promise<Answered<T, E>> =>
      made.orElse(lastKnown(), value);
    const computed = <I, T, E>(made: Call<I, T, E>, from: (input: I) => T) => made.orElse((input) => from(input));
    expectTypeOf(constant(prices.quote(sku), list)).resolves.toEqualTypeOf<Answered<{ cents: number }, never>>();
    expectTypeOf(remembered(prices.quote(sku), list)).resolves.toEqualTypeOf<Answered<{ cents: number }, never>>();
    const answer = computed(prices.quote(sku), () => list);
    expectTypeOf<Statuses<typeof answer>>().toEqualTypeOf<"ok" | "degraded">();
    // @ts-expect-error the wrapper's own types still hold
    constant(prices.quote(sku), { cents: "1" });
  });

  test("keeps the empty chain in sight", () => {
    const kept = <I, T, E>(made: Call<I, T, E>) => made.orElse(lastKnown());
    expectTypeOf(kept(prices.quote(sku))).resolves.toEqualTypeOf<
      Answered<{ cents: number }, never> | NoFallbackAnswered
    >();
  });
});

test("a function is never a constant, and a promise never an answer, whatever the output", () => {
  const named = bus.to(mailbox("named", { get: call({ output: z.object({ name: z.string() }) }) })); // So has a function.
  const asyncOnly = () => named.get().orElse(async () => ({ name: "x" }));
  expectTypeOf<"unavailable">().toExtend<Awaited<ReturnType<typeof asyncOnly>>["status"]>();
  // @ts-expect-error: it gives no name.
  named.get().orElse(() => ({ wrong: 3 }));

  const anything = bus.to(mailbox("anything", { get: call({ output: z.unknown() }) }));
  const kept = () => anything.get().orElse(lastKnown());
  const later = () => anything.get().orElse(async () => 1);
  expectTypeOf<"unavailable">().toExtend<Awaited<ReturnType<typeof kept>>["status"]>();
  expectTypeOf<"unavailable">().toExtend<Awaited<ReturnType<typeof later>>["status"]>();
});
