import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type Bus, type Context, call, cast, type Handlers, mailbox } from "../index.js";

const shop = mailbox("shop", {
  quote: call({
    input: z.object({ quantity: z.string().transform(Number) }),
    output: z.object({ cents: z.int(), note: z.string().default("") }),
    errors: { SOLD_OUT: z.object({ until: z.string() }), GONE: z.undefined() },
  }),
  ping: call(),
  count: call({ output: z.int() }),
  repriced: cast({ input: z.object({ cents: z.int() }) }),
});
type Shop = typeof shop.messages;
declare const bus: Bus;

/** The handlers that a test does not override. */
declare const others: Handlers<Shop>;

describe("the handlers of a mailbox", () => {
  test("get the schema's output and a context, both with inferred types", () => {
    bus.serve(shop, {
      quote(input, ctx) {
        expectTypeOf(input).toEqualTypeOf<{ quantity: number }>();
        expectTypeOf(ctx).toEqualTypeOf<Context<Shop["quote"]>>();
        return { cents: 1 };
      },
      ping(input) {
        expectTypeOf(input).toEqualTypeOf<undefined>();
      },
      count: () => 1,
      repriced(input, ctx) {
        expectTypeOf(input).toEqualTypeOf<{ cents: number }>();
        expectTypeOf(ctx.fail).toEqualTypeOf<never>();
      },
    });
  });

  test("must cover every message, and no other", () => {
    const { ping, count, repriced } = others;
    // @ts-expect-error quote has none
    bus.serve(shop, { ping, count, repriced });
    // @ts-expect-error the contract has no such message
    bus.serve(shop, { ...others, refund: () => {} });
  });

  test("may be asynchronous", () => {
    bus.serve(shop, { ...others, quote: async () => ({ cents: 1 }) });
    bus.serve(shop, { ...others, ping: async () => {} });
    bus.serve(shop, { ...others, repriced: async () => {} });
    bus.serve(shop, { ...others, count: async (_, ctx) => (ctx.remaining > 5 ? 1 : 2) });
  });

  test("return the input of the output schema: fields with a default may be omitted", () => {
    bus.serve(shop, { ...others, quote: () => ({ cents: 1, note: "a" }) });
    // @ts-expect-error a wrong type
    bus.serve(shop, { ...others, quote: () => ({ cents: "1" }) });
    // @ts-expect-error a wrong type, later
    bus.serve(shop, { ...others, quote: async () => ({ cents: "1" }) });
    // @ts-expect-error nothing
    bus.serve(shop, { ...others, quote: () => {} });
    // @ts-expect-error nothing, on one branch
    bus.serve(shop, { ...others, quote: (_, ctx) => (ctx.remaining > 5 ? { cents: 1 } : undefined) });
  });

  test("return nothing if the contract has no output", () => {
    // @ts-expect-error nobody would get it
    bus.serve(shop, { ...others, ping: async () => 1 });
    // @ts-expect-error nobody would get it
    const handlers: Handlers<Shop>["ping"] = () => ({ cents: 1 });
    expectTypeOf(handlers).toBeFunction();
  });
});

describe("ctx.fail", () => {
  test("accepts the declared codes, with their data", () => {
    bus.serve(shop, {
      ...others,
      quote: (_, ctx) => (ctx.remaining > 5 ? ctx.fail("SOLD_OUT", { until: "tomorrow" }) : ctx.fail("GONE")),
    });
    bus.serve(shop, { ...others, quote: async (_, ctx) => ctx.fail("GONE", undefined) });
  });

  test("refuses other codes, and other data", () => {
    bus.serve(shop, {
      ...others,
      quote(_, ctx) {
        // @ts-expect-error a code that is not declared
        ctx.fail("EXPIRED");
        // @ts-expect-error its data is missing
        ctx.fail("SOLD_OUT");
        // @ts-expect-error its data is wrong
        ctx.fail("SOLD_OUT", { until: 1 });
        // @ts-expect-error it has no data
        ctx.fail("GONE", { until: "tomorrow" });
        return { cents: 1 };
      },
    });
  });

  test("cannot be called if no errors are declared", () => {
    bus.serve(shop, {
      ...others,
      count(_, ctx) {
        // @ts-expect-error this call declares no errors
        ctx.fail("GONE");
        // @ts-expect-error not any
        ctx.fail();
        return 1;
      },
      repriced(_, ctx) {
        // @ts-expect-error nobody waits for a cast
        ctx.fail("GONE");
      },
    });
  });

  test("cannot be replaced by an object of the same shape", () => {
    // @ts-expect-error only ctx.fail makes one
    bus.serve(shop, { ...others, quote: () => ({ code: "GONE", data: undefined }) });
  });
});

test("a handler can call other mailboxes", () => {
  bus.serve(shop, {
    ...others,
    async count(_, ctx) {
      const outcome = await ctx.to(shop).count();
      expectTypeOf(outcome.status).toEqualTypeOf<"ok" | "unavailable" | "faulty">();
      return outcome.status === "ok" ? outcome.value : 0;
    },
  });
});

test("handlers can be declared separately, with the types of the contract", () => {
  const handlers: Handlers<Shop> = { ...others, quote: ({ quantity }) => ({ cents: quantity }) };
  bus.serve(shop, handlers);
  class Service implements Handlers<Shop> {
    readonly #cents = 5;
    quote = () => ({ cents: this.#cents });
    ping(): void {}
    count(): number {
      return this.#cents;
    }
    repriced(): void {}
  }
  bus.serve(shop, new Service());
});
