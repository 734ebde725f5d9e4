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
  test("makes the same client, whatever it is, wherever one can write from", () => {
    expectTypeOf(bus.to(pricing, { instance: "abc" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(pricing, { tags: { region: "eu" } })).toEqualTypeOf(prices);
    expectTypeOf(bus.within({}).to(pricing, { instance: "abc" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(prices, { tags: { region: "eu" } })).toEqualTypeOf(prices);
  });

  test("of everyone gives an outcome of each, with its sender, and typed as the call's own", async () => {
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

  test("may be a key: a text or a number", () => {
    expectTypeOf(bus.to(pricing, { key: "a" })).toEqualTypeOf(prices);
    expectTypeOf(bus.to(pricing, { key: 7 })).toEqualTypeOf(prices);
    // @ts-expect-error neither
    bus.to(pricing, { key: true });
    // @ts-expect-error two
    bus.to(pricing, { key: "a", instance: "abc" });
  });

  test("is one of its kinds, and no other", () => {
    // @ts-expect-error none
    bus.to(pricing, {});
    // @ts-expect-error two
    bus.to(pricing, { instance: "abc", tags: { region: "eu" } });
    // @ts-expect-error no tags
    bus.to(pricing, { tags: { region: 1 } });
    // @ts-expect-error unknown
    bus.to(pricing, { region: "eu" });
  });
});

describe("a client", () => {
  test("has a method for each message, and none besides", () => {
    expectTypeOf<keyof typeof prices & string>().toEqualTypeOf<keyof typeof pricing.messages>();
    // @ts-expect-error a message that the contract does not have
    prices.qoute({ sku: "a", quantity: "1" });
    // @ts-expect-error it is no promise
    prices.then;
  });

  test("takes the input as the contract's schema takes it, before any transform", () => {
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

  test("answers with a call: output, errors and input are those of the contract", () => {
    expectTypeOf(prices.quote).returns.toEqualTypeOf<
      Call<{ sku: string; quantity: string }, { cents: number }, Sold>
    >();
    expectTypeOf(prices.plain).returns.toEqualTypeOf<Call<string, string, never>>();
    expectTypeOf(prices.ping).returns.toEqualTypeOf<Call<undefined, undefined, never>>();
  });

  test("needs no input where the contract has none, or lets it be undefined", () => {
    prices.ping();
    prices.ping(undefined, { timeout: 100 });
    prices.maybe();
    prices.maybe("a");
    prices.anything();
    // @ts-expect-error there is nothing to give
    prices.ping({ sku: "a" });
    // @ts-expect-error a text or nothing
    prices.maybe(1);
  });

  test("takes the options of a call, and no others", () => {
    const { signal } = new AbortController();
    prices.plain("a", { timeout: 100, signal });
    prices.plain("a", { timeout: undefined, signal: undefined });
    // @ts-expect-error an option that there is not
    prices.plain("a", { deadline: 100 });
    // @ts-expect-error ms
    prices.plain("a", { timeout: "100ms" });
    // @ts-expect-error the signal, not its controller
    prices.plain("a", { signal: new AbortController() });
  });

  test("gives a receipt for a cast, at once, and takes no options for it", () => {
    expectTypeOf(prices.repriced({ sku: "a" })).toEqualTypeOf<Receipt>();
    expectTypeOf(prices.flush()).toEqualTypeOf<Receipt>();
    // @ts-expect-error a wrong input
    prices.repriced({ sku: 1 });
    // @ts-expect-error no input at all
    prices.repriced();
    // @ts-expect-error nothing is waited for
    prices.repriced({ sku: "a" }, { timeout: 100 });
  });

  test("resolves to an outcome whose value cannot be used unseen", async () => {
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
  test("is a client wherever it is asked for", () => {
    const within: Within = bus.within({ timeout: 100 });
    expectTypeOf(within.to(pricing)).toEqualTypeOf<typeof prices>();
    expectTypeOf(bus.to(prices)).toEqualTypeOf<typeof prices>();
    expectTypeOf(within.to(prices)).toEqualTypeOf<typeof prices>();
  });

  test("of a mailbox that is not known can be asked for, too", () => {
    const anyMailbox = <M extends Messages>(contract: Mailbox<string, M>) => bus.to(contract);
    expectTypeOf(anyMailbox(pricing)).toEqualTypeOf<typeof prices>();
  });

  test("is of a contract, and of nothing else", () => {
    // @ts-expect-error a name is no contract
    bus.to("pricing");
    // @ts-expect-error its messages alone are none either
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
