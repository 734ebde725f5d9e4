// What a service reports of its health over HTTP, where anybody may ask.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Broker, startBroker as start } from "@muove/broker";
import { eventually } from "@muove/testkit";
import { type Bus, call, event, type HealthHandlerOptions, healthHandler, InvalidOptions, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { openBus } from "./support/buses.js";
import { handlers, one, pricing } from "./support/pricing.js";

async function startBroker(): Promise<Broker> {
  const broker = await start({ port: 0 });
  onTestFinished(() => broker.close());
  return broker;
}

async function asked(bus: Bus, path: string, options?: HealthHandlerOptions) {
  const handler = healthHandler(bus, options);
  const server = createServer((request, response) => handler(request, response) || response.writeHead(404).end("{}"));
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { code: answer.status, text: await answer.text() };
}

/** A bus without NATS that is closing, so it has something missing and a problem. */
async function closing(): Promise<Bus> {
  const bus = openBus({ url: "127.0.0.1:1" });
  await bus.to(pricing).quote(one);
  void bus.close();
  return bus;
}

describe("the health over HTTP", () => {
  test("says only whether the service is live, ready and degraded, and names nothing", async () => {
    const bus = await closing();
    const text = '{"live":true,"ready":false,"degraded":true}';
    expect(await asked(bus, "/livez")).toEqual({ code: 200, text });
    expect(await asked(bus, "/readyz")).toEqual({ code: 503, text });
    expect(await asked(bus, "/healthz?details=true", {})).toEqual({ code: 503, text });
    expect(await asked(bus, "/healthz", { details: false })).toEqual({ code: 503, text });
    expect((await asked(bus, "/health")).code).toBe(404);
  });

  test("contains all of bus.health with the option for details", async () => {
    const bus = await closing();
    const { code, text } = await asked(bus, "/healthz", { details: true });
    expect(code).toBe(503);
    expect(JSON.parse(text)).toEqual(bus.health);
    expect(bus.health).toMatchObject({ problems: ["it is closing"], missing: [{ address: "nats" }] });
  });
});

describe("a bus that has not been connected to NATS yet", () => {
  const problem = "it has not been connected to NATS yet";
  const readiness = ({ health: { live, ready, problems } }: Bus) => ({ live, ready, problems });
  const ready = { live: true, ready: true, problems: [] };
  const serve = (bus: Bus) => bus.serve(pricing, handlers());

  test("is not ready if it has a mailbox", () => {
    const bus = openBus({ url: "127.0.0.1:1" });
    serve(bus);
    expect(readiness(bus)).toEqual({ live: true, ready: false, problems: [problem] });
  });

  test("is not ready if it listens to an event", () => {
    const bus = openBus({ url: "127.0.0.1:1" });
    const shelf = mailbox("shelf", { emptied: event() });
    bus.on(shelf.events.emptied, () => {});
    expect(readiness(bus)).toEqual({ live: true, ready: false, problems: [problem] });
  });

  test("is ready if it only calls, or has nothing to serve any more", async () => {
    const bus = openBus({ url: "127.0.0.1:1" });
    expect(readiness(bus)).toEqual(ready);
    await serve(bus).stop();
    expect(readiness(bus)).toEqual(ready);
  });

  test("is ready if readyWhen says so", () => {
    const bus = openBus({ url: "127.0.0.1:1" }, { readyWhen: "started" });
    serve(bus);
    expect(readiness(bus)).toEqual(ready);
  });

  test("says why, once it has tried", async () => {
    const bus = openBus({ url: "127.0.0.1:1" });
    serve(bus);
    await eventually(() => bus.status.connection.lastError !== undefined);
    expect(readiness(bus).problems).toEqual([expect.stringMatching(/^it has not been connected to NATS yet: .+/)]);
  });

  test("is ready from its first connection on, and stays so when NATS goes away", async () => {
    const broker = await startBroker();
    const bus = openBus({ url: broker.url });
    serve(bus);
    expect(bus.health.ready).toBe(false);
    await bus.connected();
    expect(readiness(bus)).toEqual(ready);
    await broker.close();
    await eventually(() => bus.health.degraded);
    expect(readiness(bus)).toEqual(ready);
    expect(bus.health.missing).toMatchObject([{ address: "nats", reason: "unreachable" }]);
  });
});

test("what is missing is bounded: with 2,000 missing addresses the health is short, and names those called last", async () => {
  const bus = openBus({ url: (await startBroker()).url });
  await bus.connected();
  const shelf = mailbox("shelf", { level: call({ timeout: 30_000 }) });
  const region = (n: number) => ({ tags: { region: `${"x".repeat(50)}${n}` } });
  await Promise.all(Array.from({ length: 2_000 }, (_, n) => bus.to(shelf, region(n)).level()));
  await bus.to(shelf).level();
  const { missing, missingCount, degraded } = bus.health;
  expect({ degraded, missingCount }).toEqual({ degraded: true, missingCount: 1_025 });
  expect(missing).toHaveLength(16);
  expect(missing.map(({ address }) => address).slice(0, 2)).toEqual([
    "shelf.level",
    `shelf.level@region=${"x".repeat(50)}1999`,
  ]);
  expect((await asked(bus, "/healthz", { details: true })).text.length).toBeLessThan(4_096);
});

test("a wrong option of the health's handler is a mistake that is told at once", () => {
  const bus = openBus({ url: "127.0.0.1:1" });
  expect(() => healthHandler(bus, { details: "yes" } as never)).toThrow(InvalidOptions);
  expect(() => healthHandler(bus, { detail: true } as never)).toThrow(InvalidOptions);
});
