// Contracts made without our mailbox(): by hand, or by another copy of the package.

import { type Bus, call, event, InvalidOptions, mailbox, withFallback } from "muove";
import { describe, expect, test, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, openBus } from "./support/buses.js";
import { plainClient } from "./support/plain.js";

const injected = "a b\r\nPUB x 0\r\n\r\n";
const ping = { kind: "call", errors: {}, timeout: 100, idempotent: false };
const made = (changes: object = {}) =>
  ({ kind: "mailbox", name: "pricing", version: "1.0.0", messages: { ping }, events: {}, ...changes }) as never;
const reference = (changes: object = {}) =>
  ({ kind: "event-reference", mailbox: "pricing", event: "told", definition: event(), ...changes }) as never;

const badly = [made({ name: injected }), made({ messages: { [injected]: ping } })];

describe("a contract made by hand with a protocol line in a name", () => {
  test.each<[string, (bus: Bus, contract: never) => unknown]>([
    ["to()", (bus, contract) => bus.to(contract)],
    ["to() at an address", (bus, contract) => bus.to(contract, { key: "a" })],
    ["toAll()", (bus, contract) => bus.toAll(contract)],
    ["within().to()", (bus, contract) => bus.within({}).to(contract)],
    ["within().toAll()", (bus, contract) => bus.within({}).toAll(contract)],
    ["serve()", (bus, contract) => bus.serve(contract, { ping: () => {}, [injected]: () => {} } as never)],
    ["monitor()", (bus, contract) => bus.monitor(contract)],
    ["withFallback()", (bus, contract) => withFallback(bus.to(contract), {} as never)],
  ])("is refused by %s", (_, use) => {
    const bus = openBus({ url: "127.0.0.1:1" });
    for (const contract of badly) expect(() => use(bus, contract)).toThrow(InvalidOptions);
    expect(() => use(bus, badly[0] as never)).toThrow(/the mailbox name "a b\\r\\nPUB x 0.* must be 1 to 64 letters/);
  });

  test("is refused by on()", () => {
    const bus = openBus({ url: "127.0.0.1:1" });
    for (const changes of [{ mailbox: injected }, { event: injected }, { definition: { kind: "event" } }]) {
      expect(() => bus.on(reference(changes), () => {})).toThrow(InvalidOptions);
    }
  });
});

test.each([null, undefined, 7, {}, { kind: "mailbox" }])("serve() and withFallback() throw for %j", (other) => {
  const bus = openBus({ url: "127.0.0.1:1" });
  expect(() => bus.serve(other as never, {})).toThrow(InvalidOptions);
  expect(() => withFallback(other as never, {} as never)).toThrow(InvalidOptions);
});

describeOnEachBroker((kind) => {
  test("later changes to a contract made by hand have no effect", async () => {
    const broker = await kind.start();
    const client = await plainClient(broker);
    const subjects: string[] = [];
    client.subscribe(">", { callback: (_, msg) => void subjects.push(msg.subject) });
    await client.flush();
    const caller = await connected(broker);
    const own = { kind: "mailbox", name: "pricing", version: "1.0.0", messages: { ping: { ...ping } }, events: {} };
    caller.to(own as never);
    own.name = injected;
    Object.assign(own.messages.ping, { timeout: "1\r\nX: y" });
    Object.assign(own.messages, { [injected]: ping });
    const { ping: asked } = caller.to(own as never) as unknown as { ping(): Promise<unknown> };
    await asked();
    await until("it has come", () => subjects.includes("muove.pricing.ping"));
    expect(subjects).not.toContain("x");
  });

  test("a contract made by another copy of the package works like one of ours", async () => {
    vi.resetModules();
    const other = await import("@muove/contract");
    expect(other.mailbox).not.toBe(mailbox);
    const pricing = other.mailbox("pricing", { ping: other.call(), told: other.event() });
    const broker = await kind.start();
    const bus = await connected(broker);
    const own = bus.serve(pricing, { ping: () => {} });
    let heard = 0;
    bus.on(pricing.events.told, () => void heard++);
    await until("all is open", () =>
      [...bus.status.mailboxes, ...bus.status.listeners].every(({ state }) => state === "open"),
    );
    expect(await bus.to(pricing).ping()).toMatchObject({ status: "ok" });
    expect(await bus.to(mailbox("pricing", { ping: call() })).ping()).toMatchObject({ status: "ok" });
    own.publish.told();
    await until("it is heard", () => heard === 1);
  });
});
