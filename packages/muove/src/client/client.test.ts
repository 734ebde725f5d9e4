import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { call, cast, connect, InvalidInput, InvalidOptions, mailbox, none, withFallback } from "../index.js";

const pricing = mailbox("pricing", {
  quote: call({ input: z.string(), output: z.int() }),
  ping: call(),
  repriced: cast({ input: z.string() }),
});
// Nobody listens at port 1, so that every call is unreachable.
const bus = connect({ service: "test", servers: "127.0.0.1:1", logger: false });
const prices = bus.to(pricing);
afterAll(() => bus.close());

describe("a client", () => {
  test("has a method per message and nothing else: it can be awaited, compared, printed and enumerated", async () => {
    expect(await prices).toBe(prices);
    expect(() => inspect(prices)).not.toThrow();
    expect(() => JSON.stringify(prices)).not.toThrow();
    const names: string[] = [];
    for (const name in prices) names.push(name);
    expect(names.sort()).toEqual(["ping", "quote", "repriced"]);
    for (const probe of ["then", "toString", "constructor", "__proto__", "nodeType"])
      expect(probe in prices).toBe(false);
  });

  test("has methods that do not use `this`: they can be destructured and passed on", async () => {
    const { quote } = prices;
    expect(await quote("a")).toMatchObject({ reason: "unreachable" });
    expect(await Promise.all(["a", "b"].map((sku) => prices.quote(sku)))).toHaveLength(2);
    expect(prices.quote).toBe(quote);
  });

  test("is a new object for every to()", () => {
    expect(bus.to(pricing)).not.toBe(bus.to(pricing));
    expect(bus.to(pricing).quote).not.toBe(prices.quote);
  });

  test.each([undefined, null, "pricing", 7])("refuses %j as a mailbox", (target) => {
    expect(() => bus.to(target as never)).toThrow(/mailbox/);
  });
});

describe("an address", () => {
  test("is part of the outcome's address", async () => {
    const here = bus.to(pricing, { tags: { zone: "a", region: "eu" } });
    expect(await here.quote("a")).toMatchObject({ address: "pricing.quote@region=eu,zone=a", reason: "unreachable" });
    expect(await bus.to(pricing, { instance: "abc" }).ping()).toMatchObject({ address: "pricing.ping@abc" });
  });

  test("can be changed for a client, which keeps its fallbacks; its own address is the default", async () => {
    const cautious = withFallback(bus.to(pricing, { instance: "abc" }), { quote: [7], ping: none });
    expect(await bus.to(cautious).ping()).toMatchObject({ address: "pricing.ping@abc" });
    const elsewhere = bus.to(cautious, { tags: { region: "eu" } });
    expect(await elsewhere.ping()).toMatchObject({ address: "pricing.ping@region=eu" });
    expect(await elsewhere.quote("a")).toMatchObject({ status: "degraded", value: 7 });
  });

  test.each<[unknown, RegExp]>([
    [{ instance: "abc", tags: { region: "eu" } }, /must have only one of instance, tags/],
    [{ instance: "a.b" }, /instance must be an instance's id/],
    [{ instance: "" }, /instance must be an instance's id/],
    [{ instance: "*" }, /instance must be an instance's id/],
    [{ tags: {} }, /tags must have at least one tag/],
    [{ tags: { region: "e u" } }, /"e u" for "region"/],
    [{ tags: { a: "1", b: "2", c: "3", d: "4", e: "5" } }, /at most 4/],
    [{ region: "eu" }, /"region" is not an option: the options are instance, tags/],
    ["pricing", /must be an object/],
    [null, /must be an object/],
  ])("cannot be %j: to() throws", (to, problem) => {
    expect(() => bus.to(pricing, to as never)).toThrow(InvalidOptions);
    expect(() => bus.to(pricing, to as never)).toThrow(problem);
  });
});

describe("a mistake of the caller", () => {
  const mistakes = [
    ["a call", () => theCallersLine(prices.quote)],
    ["a cast", () => theCallersLine(prices.repriced)],
    ["a call within a budget", () => theCallersLine(bus.within({ timeout: 100 }).to(pricing).quote)],
  ] as const;

  test.each(mistakes)("is thrown by %s at once, with a stack that starts at the caller's line", (_, mistake) => {
    const error = thrownBy(mistake);
    expect(error).toBeInstanceOf(InvalidInput);
    const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
    expect(frames[0]).toContain("theCallersLine");
  });

  test("keeps its cause and its issues", () => {
    expect(thrownBy(() => prices.quote(1 as never))).toMatchObject({ issues: [{ path: [] }] });
  });
});

function theCallersLine(send: (input: never) => unknown): unknown {
  return send(1 as never);
}

function thrownBy(mistake: () => unknown): Error {
  try {
    mistake();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
