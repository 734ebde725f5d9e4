// Mistakes that TypeScript finds, made without it: each says what it is, at once, instead of being lost without a word.

import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import {
  type Bus,
  call,
  cast,
  connect,
  event,
  healthHandler,
  InvalidInput,
  InvalidOptions,
  lastKnown,
  mailbox,
  supervised,
  withFallback,
} from "../index.js";

const shop = mailbox("shop", {
  quote: call({ input: z.string(), output: z.int() }),
  ping: call(),
  noted: cast(),
  closed: event(),
});

/** Anything goes, as in JavaScript. */
type Untyped = Record<string, (...given: unknown[]) => Untyped>;

function untyped(): { bus: Bus; js: Untyped; shop: Untyped; publish: Untyped } {
  const bus = connect({
    service: "shop",
    servers: "127.0.0.1:1",
    logger: false,
    meta: z.object({ tenant: z.string().optional() }),
  });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const { publish } = bus.serve(shop, { quote: () => 1, ping: () => {}, noted: () => {} });
  return {
    bus: bus as unknown as Bus,
    js: bus as unknown as Untyped,
    shop: bus.to(shop) as unknown as Untyped,
    publish: publish as unknown as Untyped,
  };
}

test.each<[string, unknown, unknown, RegExp]>([
  ["of a name that is no event's", "connectd", () => {}, /"connectd" is not an event of a bus: those are connected, /],
  ["that is no function", "connected", undefined, /it must be a function, not undefined/],
])("a listener %s", (_, name, listener, problem) => {
  const { js } = untyped();
  expect(() => js.on?.(name, listener)).toThrow(InvalidOptions);
  expect(() => js.on?.(name, listener)).toThrow(problem);
});

test.each<[string, () => unknown, RegExp]>([
  ["is async, so that what it adds comes too late", async () => ({ meta: { tenant: "a" } }), /must be there at once/],
  ["is async, and fails", async () => Promise.reject(new Error("no")), /must be there at once/],
  [
    "adds what nobody reads",
    () => ({ metta: { tenant: "a" } }),
    /"metta" is not an option: the options are meta, settled/,
  ],
  ["adds what is no function", () => ({ settled: true }), /settled must be a function, not true/],
  ["adds a text", () => "tenant", /must be an object, not "tenant"/],
])("a step before what is sent that %s: nothing is sent", (_, send, problem) => {
  const { bus, js, shop, publish } = untyped();
  js.use?.({ send });
  for (const make of [() => shop.quote?.("a"), () => shop.noted?.(), () => publish.closed?.()]) {
    expect(make).toThrow(InvalidOptions);
    expect(make).toThrow(problem);
  }
  expect(bus.status.counts.calls).toBe(0);
});

test.each([undefined, null, {}, "bus"])("a supervisor, or a handler of health, of %j instead of a bus", (value) => {
  expect(() => supervised(value as never)).toThrow(/the bus must come from connect\(\), not be /);
  expect(() => healthHandler(value as never)).toThrow(InvalidOptions);
});

test("options in place of an input, where there is none: of a call, to everyone, of a cast, of an event", () => {
  const { js, shop: client, publish } = untyped();
  for (const make of [
    () => client.ping?.({ timeout: 50 }),
    () => js.toAll?.(shop).ping?.({ timeout: 50 }),
    () => client.noted?.({ whenUnreachable: "drop" }),
    () => publish.closed?.({ whenUnreachable: "drop" }),
  ]) {
    expect(make).toThrow(InvalidInput);
    expect(make).toThrow(/it takes none; options come second: pass undefined before them/);
  }
});

test("lastKnown in place of lastKnown(): in orElse and in withFallback", () => {
  const { bus, shop: client } = untyped();
  const problem = /shop.quote has lastKnown as a fallback: call it, lastKnown\(\)/;
  expect(() => client.quote?.("a").orElse?.(lastKnown)).toThrow(problem);
  expect(() => withFallback(bus.to(shop), { quote: [lastKnown], ping: [undefined] } as never)).toThrow(problem);
});
