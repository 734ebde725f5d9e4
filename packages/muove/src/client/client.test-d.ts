import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Bus,
  type Call,
  type Client,
  call,
  cast,
  type Mailbox,
  type Messages,
  mailbox,
  type Outcome,
  type Receipt,
  type Within,
} from "../index.js";

const pricing = mailbox("pricing", {
  quote: call({
    input: z.object({ sku: z.string(), quantity: z.string().transform(Number) }),
    output: z.object({ cents: z.int() }),
    errors: { SOLD_OUT: z.object({ until: z.string() }) },
  }),
  plain: call({ input: z.string(), output: z.string() }),
  maybe: call({ input: z.string().optional(), output: z.string() }),
  ping: call(),
  anything: call({ input: z.unknown(), output: z.unknown() }),
  repriced: cast({ input: z.object({ sku: z.string() }) }),
  flush: cast(),
});
declare const bus: Bus;
const prices = bus.to(pricing);

type Sold = { readonly code: "SOLD_OUT"; readonly data: { until: string } };

describe("an address", () => {
  test("gives a client of the same type, whatever it is, from every sender", () => {
    expectTypeOf(bus.to(pricing, { instance: "abc" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(pricing, { tags: { region: "eu" } })).toEqualTypeOf(prices);
    expectTypeOf(bus.within({}).to(pricing, { instance: "abc" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(prices, { tags: { region: "eu" } })).toEqualTypeOf(prices);
  });

  test("of everyone gives an outcome per instance, with its sender, typed like the call's own", async () => {
    for await (const { instance, service, outcome } of bus.toAll(pricing).quote({ sku: "a", quantity: "1" })) {
      expectTypeOf(instance).toEqualTypeOf<string | undefined>();
      expectTypeOf(service).toEqualTypeOf<string | undefined>();
      expectTypeOf(outcome).toEqualTypeOf<Outcome<{ cents: number }, Sold>>();
    }
    expectTypeOf(bus.within({}).toAll(pricing).flush()).toEqualTypeOf<Receipt>();
    // @ts-expect-error a wrong type
    bus.toAll(pricing).quote({ sku: "a", quantity: 1 });
    // @ts-expect-error nothing is repeated
    bus.toAll(pricing).ping(undefined, { retries: 1 });
  });

  test("may be a key: a string or a number", () => {
    expectTypeOf(bus.to(pricing, { key: "a" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(pricing, { key: 7 })).toEqualTypeOf(prices);
    // @ts-expect-error neither
    bus.to(pricing, { key: true });
    // @ts-expect-error two
    bus.to(pricing, { key: "a", instance: "abc" });
  });

  test("is any instance without one", () => {
    expectTypeOf(bus.to(pricing, {})).toEqualTypeOf(prices);
  });

  test("is one of its kinds, and no other", () => {
    // @ts-expect-error two
    bus.to(pricing, { instance: "abc", tags: { region: "eu" } });
    // @ts-expect-error no tags
    bus.to(pricing, { tags: { region: 1 } });
    // @ts-expect-error unknown
    bus.to(pricing, { region: "eu" });
  });
});

describe("a client", () => {
  test("has a method for each message, and no other", () => {
    expectTypeOf<keyof typeof prices & string>().toEqualTypeOf<keyof typeof pricing.messages>();
    // @ts-expect-error a message that the contract does not have
    prices.qoute({ sku: "a", quantity: "1" });
    // @ts-expect-error it is not a promise
    prices.then;
  });

  test("takes the schema's input type, before any transform", () => {
    expectTypeOf(prices.quote).parameter(0).toEqualTypeOf<{ sku: string; quantity: string }>();
    // @ts-expect-error a wrong type
    prices.quote({ sku: "a", quantity: 1 });
    // @ts-expect-error a key is missing
    prices.quote({ sku: "a" });
    // @ts-expect-error a key too many
    prices.quote({ sku: "a", quantity: "1", colour: "red" });
    // @ts-expect-error no input at all
    prices.quote();
  });

  test("returns a call with the output, errors and input of the contract", () => {
    expectTypeOf(prices.quote).returns.toEqualTypeOf<
      Call<{ sku: string; quantity: string }, { cents: number }, Sold>
    >();
    expectTypeOf(prices.plain).returns.toEqualTypeOf<Call<string, string, never>>();
    expectTypeOf(prices.ping).returns.toEqualTypeOf<Call<undefined, undefined, never>>();
  });

  test("needs no input if the contract has none, or it may be undefined", () => {
    prices.ping();
    prices.ping(undefined, { timeout: 100 });
    prices.maybe();
    prices.maybe("a");
    prices.anything();
    // @ts-expect-error there is nothing to give
    prices.ping({ sku: "a" });
    // @ts-expect-error a string or nothing
    prices.maybe(1);
  });

  test("takes the options of a call, and no others", () => {
    const { signal } = new AbortController();
    prices.plain("a", { timeout: 100, signal });
    prices.plain("a", { timeout: undefined, signal: undefined });
    // @ts-expect-error an unknown option
    prices.plain("a", { deadline: 100 });
    // @ts-expect-error ms
    prices.plain("a", { timeout: "100ms" });
    // @ts-expect-error the signal, not its controller
    prices.plain("a", { signal: new AbortController() });
  });

  test("gives a receipt for a cast, at once, and has no call options for it", () => {
    expectTypeOf(prices.repriced({ sku: "a" })).toEqualTypeOf<Receipt>();
    expectTypeOf(prices.flush()).toEqualTypeOf<Receipt>();
    // @ts-expect-error a wrong input
    prices.repriced({ sku: 1 });
    // @ts-expect-error no input at all
    prices.repriced();
    // @ts-expect-error nothing is waited for
    prices.repriced({ sku: "a" }, { timeout: 100 });
  });

  test("resolves to an outcome whose status must be checked before its value", async () => {
    const outcome = await prices.quote({ sku: "a", quantity: "1" });
    // @ts-expect-error it may not be there
    outcome.value.cents;
    if (outcome.status === "failed") expectTypeOf(outcome.error).toEqualTypeOf<Sold>();
    const plain = await prices.plain("a");
    // @ts-expect-error this call declares no errors, so it cannot have failed
    if (plain.status === "failed") return;
  });
});

describe("an address", () => {
  test("gives a client from every sender", () => {
    const within: Within = bus.within({ timeout: 100 });
    expectTypeOf(within.to(pricing)).toEqualTypeOf<typeof prices>();
    expectTypeOf(bus.to(prices)).toEqualTypeOf<typeof prices>();
    expectTypeOf(within.to(prices)).toEqualTypeOf<typeof prices>();
  });

  test("may be of a generic mailbox", () => {
    const anyMailbox = <M extends Messages>(contract: Mailbox<string, M>) => bus.to(contract);
    expectTypeOf(anyMailbox(pricing)).toEqualTypeOf<typeof prices>();
  });

  test("must be of a contract", () => {
    // @ts-expect-error a name is not a contract
    bus.to("pricing");
    // @ts-expect-error its messages alone are not one either
    bus.to(pricing.messages);
  });

  test("can be named in a signature", async () => {
    const cents = async (client: Client<typeof pricing.messages>) => {
      const outcome = await client.quote({ sku: "a", quantity: "1" });
      return outcome.status === "ok" ? outcome.value.cents : undefined;
    };
    expectTypeOf(await cents(prices)).toEqualTypeOf<number | undefined>();
  });
});
