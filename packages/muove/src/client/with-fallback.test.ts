import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { call, cast, connect, InvalidOptions, lastKnown, mailbox, none, withFallback } from "../index.js";

const pricing = mailbox("pricing", {
  quote: call({ input: z.string(), output: z.object({ cents: z.int() }) }),
  ping: call(),
  repriced: cast({ input: z.string() }),
});

// Nobody listens at port 1, so that every call is unreachable.
const bus = connect({ service: "test", servers: "127.0.0.1:1", logger: false });
const prices = bus.to(pricing);
afterAll(() => bus.close());

describe("a client with fallbacks", () => {
  test("applies its chain to every call", async () => {
    const safe = withFallback(prices, { quote: [lastKnown(), (sku) => ({ cents: sku.length })], ping: none });
    const outcome = await safe.quote("abc");
    expect(outcome).toMatchObject({
      status: "degraded",
      value: { cents: 3 },
      reason: "unreachable",
      source: "function",
    });
  });

  test("does not change casts, and calls with none", async () => {
    const safe = withFallback(prices, { quote: [{ cents: 1 }], ping: none });
    expect(await safe.ping()).toMatchObject({ status: "unavailable", reason: "unreachable" });
    expect(safe.repriced("a")).toMatchObject({ status: "unsent" });
  });

  test("does not change the original client", async () => {
    withFallback(prices, { quote: [{ cents: 1 }], ping: none });
    expect(await prices.quote("a")).toMatchObject({ status: "unavailable" });
  });

  test("keeps its fallbacks with another sender", async () => {
    const safe = withFallback(prices, { quote: [{ cents: 1 }], ping: none });
    const there = bus.within({ timeout: 100 }).to(safe);
    expect(await there.quote("a")).toMatchObject({ status: "degraded", value: { cents: 1 } });
  });
});

describe("invalid fallbacks", () => {
  test("throw one InvalidOptions that lists every problem, before anything is sent", () => {
    const declare = (fallbacks: object) => () => withFallback(prices, fallbacks as never);
    expect(declare({ qoute: [1], quote: [{ cents: "1" }, { cents: 1.5 }] })).toThrow(InvalidOptions);
    expect(declare({ qoute: [1], quote: [{ cents: "1" }, { cents: 1.5 }] })).toThrow(
      /The fallbacks of pricing.*\n.*no call "qoute".*\n.*pricing\.quote has a fallback.*\n.*pricing\.quote has a fallback.*\n.*pricing\.ping needs/,
    );
    expect(declare({ quote: [], ping: none })).toThrow(/pricing\.quote needs an array of fallbacks/);
    expect(declare({ quote: none, ping: none, repriced: none })).toThrow(/no call "repriced"/);
  });
});
