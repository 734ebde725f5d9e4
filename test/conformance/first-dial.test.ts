// A bus that has only just begun to dial: what its calls do, and who waits for it.

import { getEventListeners } from "node:events";
import { freePort } from "@muove/testkit";
import { type Bus, call, cast, connect, type DeadLetter, InvalidOptions, mailbox, type Outcome } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { greeting, type ScriptedServer, scriptedServer } from "../link/support/scripted-server.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { deadLettersOf, openBus, serving } from "./support/buses.js";
import { one, pricing } from "./support/pricing.js";

/** Calls by every kind of address that one instance answers. */
const ways: Readonly<
  Record<string, (bus: Bus, instance: string, options?: object) => Promise<Outcome<unknown, unknown>>>
> = {
  "any instance": (bus, _, options) => bus.to(pricing).quote(one, options),
  tags: (bus, _, options) => bus.to(pricing, { tags: { region: "eu" } }).quote(one, options),
  "one instance": (bus, instance, options) => bus.to(pricing, { instance }).quote(one, options),
  "a key": (bus, _, options) => bus.to(pricing, { key: "a" }).quote(one, options),
  everyone: async (bus, _, options) => {
    for await (const { outcome } of bus.toAll(pricing).quote(one, options)) return outcome;
    throw new Error("nobody");
  },
  "any instance, with a budget": (bus, _, options) => bus.within({ timeout: 5_000 }).to(pricing).quote(one, options),
};

/** A server that accepts connections and says nothing until `greet()`. */
async function silent(): Promise<ScriptedServer & { greet(more?: object): void }> {
  const server = await scriptedServer(() => {});
  return Object.assign(server, { greet: (more?: object) => void server.sockets[0]?.write(greeting(more)) });
}

describeOnEachBroker((kind) => {
  test.each(Object.entries(ways))("the first line of a script may be a call: to %s", async (_, send) => {
    const broker = await kind.start();
    const { instance } = (await serving(broker, {}, { tags: { region: "eu" } })).status;
    const bus = openBus(broker);
    expect(await send(bus, instance)).toMatchObject({ status: "ok", value: { cents: 100 } });
    expect(bus.status.counts).toMatchObject({ calls: 1, retries: 0, outcomes: { ok: 1 } });
  });

  test("calls that waited go out in the order in which they were made, before later ones", async () => {
    const broker = await kind.start();
    const told: string[] = [];
    await serving(broker, { tell: (text) => void told.push(text) });
    const bus = openBus(broker);
    const calls = ["1", "2", "3"].map((text) => bus.to(pricing).tell(text));
    bus.on("connected", () => void calls.push(bus.to(pricing).tell("4")));
    await Promise.all(calls);
    await until("all are handled", () => told.length === 4);
    expect(told).toEqual(["1", "2", "3", "4"]);
  });

  test("one server of several that is there is enough for the first call", async () => {
    const broker = await kind.start();
    await serving(broker);
    for (let n = 0; n < 8; n++) {
      const servers = [`127.0.0.1:${await freePort()}`, broker.url];
      expect(await openBus({ url: "" }, { servers }).to(pricing).quote(one)).toMatchObject({ status: "ok" });
    }
  });

  test("TooLarge does not depend on who starts first: a large call and a large cast go out", async () => {
    const broker = await kind.start({ maxPayload: 4 * 1024 * 1024 });
    const input = "x".repeat(2 * 1024 * 1024);
    const told: number[] = [];
    const texts = mailbox("texts", {
      ask: call({ input: z.string(), timeout: 5_000 }),
      keep: cast({ input: z.string(), whenUnreachable: { bufferFor: 5_000 } }),
    });
    const service = openBus(broker, { service: "texts" });
    service.serve(texts, { ask: (text) => void told.push(text.length), keep: (text) => void told.push(text.length) });
    await service.connected();
    const bus = openBus(broker);
    expect(bus.to(texts).keep(input)).toEqual({ status: "buffered" });
    expect(await bus.to(texts).ask(input)).toMatchObject({ status: "ok" });
    await until("both came", () => told.length === 2);
  });
});

describe("a call while the bus dials for the first time", () => {
  test.each(Object.entries(ways))("FIRST-DIAL-1 is unreachable/no at its deadline: to %s", async (_, send) => {
    const bus = openBus(await silent());
    const started = performance.now();
    const outcome = await send(bus, "a", { timeout: 100 });
    expect(outcome).toMatchObject({ status: "unavailable", reason: "unreachable", delivered: "no" });
    expect(performance.now() - started).toBeGreaterThanOrEqual(99);
  });

  test.each(Object.entries(ways))("FIRST-DIAL-1 is cancelled/no at once by its signal: to %s", async (_, send) => {
    const bus = openBus(await silent());
    const abort = new AbortController();
    const sent = send(bus, "a", { signal: abort.signal });
    abort.abort();
    expect(await sent).toMatchObject({ status: "unavailable", reason: "cancelled", delivered: "no" });
    expect(await send(bus, "a", { signal: abort.signal })).toMatchObject({ reason: "cancelled" });
  });

  test.each(Object.entries(ways))(
    "FIRST-DIAL-1 is unreachable/no at once when the bus closes: to %s",
    async (_, send) => {
      const bus = openBus(await silent());
      const sent = send(bus, "a");
      await bus.close();
      expect(await sent).toMatchObject({ reason: "unreachable", delivered: "no" });
    },
  );

  test.each(Object.entries(ways))("is unreachable/no as soon as the port is refused: to %s", async (_, send) => {
    const bus = openBus({ url: `127.0.0.1:${await freePort()}` });
    const started = performance.now();
    expect(await send(bus, "a")).toMatchObject({ reason: "unreachable", delivered: "no" });
    expect(performance.now() - started).toBeLessThan(1_000); // Of 5 s.
  });

  test("is expired at once without any time", async () => {
    expect(
      await openBus(await silent())
        .to(pricing)
        .quote(one, { timeout: 0 }),
    ).toMatchObject({ reason: "expired" });
  });

  test("takes its waiting from its own time", async () => {
    const server = await silent();
    const bus = openBus(server);
    const sent = bus.to(pricing).quote(one, { timeout: 400 });
    await until("it dials", () => server.sockets.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.greet();
    expect(await sent).toMatchObject({ reason: "timeout" });
    const [, left] = /Muove-Timeout: (\d+)/.exec(server.received) ?? [];
    expect(Number(left)).toBeLessThanOrEqual(201);
  });

  test("leaves nothing behind", async () => {
    const bus = openBus(await silent());
    const { signal } = new AbortController();
    await bus.to(pricing).quote(one, { timeout: 20, signal });
    expect(bus.status.pending).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("only then: after a loss, calls are unreachable at once while the bus dials again", async () => {
    const server = await scriptedServer((socket) => {
      if (server.sockets.length === 1) socket.write(greeting());
    });
    const bus = openBus(server);
    await bus.connected();
    server.sockets[0]?.destroy();
    await until("it dials again", () => server.sockets.length === 2);
    const started = performance.now();
    expect(await bus.to(pricing).quote(one)).toMatchObject({ reason: "unreachable", delivered: "no" });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  const texts = mailbox("texts", {
    ask: call({ input: z.string(), timeout: 5_000 }),
    keep: cast({ input: z.string(), whenUnreachable: { bufferFor: 5_000 } }),
    tell: cast({ input: z.string() }),
  });

  test("throws no TooLarge: what the server does not take is unreachable/no, and a cast is a dead letter", async () => {
    const server = await silent();
    const bus = openBus(server);
    const letters: DeadLetter[] = deadLettersOf(bus);
    const input = "x".repeat(2_000);
    const asked = [bus.to(texts).ask(input), bus.to(texts, { instance: "a" }).ask(input)];
    expect(bus.to(texts).keep(input)).toEqual({ status: "buffered" });
    expect(bus.to(texts, { key: "a" }).keep(input)).toEqual({ status: "buffered" });
    expect(bus.to(texts).tell(input)).toMatchObject({ status: "unsent" });
    await until("it dials", () => server.sockets.length === 1);
    server.greet({ max_payload: 1_000 });
    for (const outcome of await Promise.all(asked)) {
      expect(outcome).toMatchObject({ reason: "unreachable", delivered: "no" });
      expect("message" in outcome && outcome.message).toMatch(/the current NATS server allows 1000/);
    }
    await until("the cast came back", () => letters.length === 2);
    expect(letters).toMatchObject([{ message: "tell" }, { message: "keep", reason: "unreachable", delivered: "no" }]);
    expect(server.received).not.toContain("xxx");
  });
});

describe("connected()", () => {
  const timeout = 60_000;

  test("is true at once for a bus that is connected, and when one connects", async () => {
    const server = await silent();
    const bus = openBus(server);
    const connected = bus.connected({ timeout });
    await until("it dials", () => server.sockets.length === 1);
    server.greet();
    expect(await connected).toBe(true);
    expect(bus.status.connection.state).toBe("up");
    expect(await bus.connected({ timeout })).toBe(true);
  });

  test("is false after its timeout, when its signal aborts, and when the bus closes", async () => {
    const bus = openBus(await silent());
    expect(await bus.connected({ timeout: 10 })).toBe(false);
    const abort = new AbortController();
    const aborted = bus.connected({ timeout, signal: abort.signal });
    abort.abort();
    expect(await aborted).toBe(false);
    expect(await bus.connected({ timeout, signal: abort.signal })).toBe(false);
    const closing = bus.connected({ timeout });
    await bus.close();
    expect(await closing).toBe(false);
    expect(await bus.connected({ timeout })).toBe(false);
  });

  test("throws for a wrong option", () => {
    const bus = connect({ service: "caller", servers: "127.0.0.1:1", logger: false });
    onTestFinished(() => bus.close());
    expect(() => bus.connected({ timeout: -1 })).toThrow(InvalidOptions);
    expect(() => bus.connected({ signal: "no" } as never)).toThrow(InvalidOptions);
  });
});
