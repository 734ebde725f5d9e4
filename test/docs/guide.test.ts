import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Broker, startBroker } from "@muove/broker";
import { eventually } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addressed, everyone } from "./snippets/guide/addresses.js";
import * as auth from "./snippets/guide/auth.js";
import * as calls from "./snippets/guide/call.js";
import { sold, watchDeadLetters } from "./snippets/guide/cast.js";
import { stock } from "./snippets/guide/contract.js";
import { edge } from "./snippets/guide/edge.js";
import { listen, publish, reorder } from "./snippets/guide/events.js";
import { change, servePrices } from "./snippets/guide/keyed.js";
import { withCreds, withVault } from "./snippets/guide/login.js";
import { connectAs, greet, serveMenu } from "./snippets/guide/metadata.js";
import { watchStock } from "./snippets/guide/monitor.js";
import { basket, serveBasket } from "./snippets/guide/nested.js";
import { ready, restock } from "./snippets/guide/script.js";
import { serveStock } from "./snippets/guide/serve.js";
import { addSteps, tenants } from "./snippets/guide/steps.js";

let broker: Broker;
let buses: Bus[];

beforeEach(async () => {
  broker = await startBroker({ port: 0 });
  buses = [];
});

afterEach(async () => {
  for (const bus of buses) await bus.close();
  await broker.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function join(service: string, tags = {}): Bus {
  const bus = connect({ service, servers: broker.url, tags, logger: false });
  buses.push(bus);
  return bus;
}

async function both(): Promise<{ service: Bus; caller: Bus }> {
  const service = join("stock");
  const caller = join("shop");
  serveStock(service);
  await eventually(() => buses.every((bus) => bus.status.connection.state === "up"));
  return { service, caller };
}

test("a call has an outcome, with the service and without it", async () => {
  const { service, caller } = await both();
  expect(await calls.reserve(caller)).toBe("reserved, 3 left");
  expect(await calls.reserve(caller)).toBe("reserved, 1 left");
  expect(await calls.reserve(caller)).toBe("only 1 left");
  expect(await calls.orThrow(caller)).toBe("MUOVE_CALL_FAILED: failed");
  expect(await calls.retried(caller)).toBe("ok");
  expect(await calls.level(caller, "tea")).toBe("1");
  await service.close();
  expect(await calls.reserve(caller)).toBe("not reserved, try again");
  expect(await calls.level(caller, "tea")).toBe("1? (absent, last-known)");
  expect(await calls.level(caller, "gold")).toBe("0? (absent, constant)");
  const reliable = calls.withFallbacks(caller);
  expect((await reliable.level({ sku: "tea" })).status).toBe("degraded");
  expect((await reliable.reserve({ sku: "tea", pieces: 1 })).status).toBe("unavailable");
});

test("a script's first call waits for the connection, and one that must be connected finds out", async () => {
  vi.stubEnv("LOG_LEVEL", "silent");
  await both();
  expect(await restock(broker.url)).toBe("ok");
  const late = join("late");
  await ready(late);
  expect(late.status.connection.state).toBe("up");
  await late.close();
  await expect(ready(late)).rejects.toThrow("NATS is not there");
});

test("credentials come from a vault, and files that are not there yet are told", async () => {
  vi.stubEnv("LOG_LEVEL", "silent");
  const vault = createServer((_, response) => response.end(JSON.stringify({ user: "stock", pass: "right" })));
  await once(vault.listen(0, "127.0.0.1"), "listening");
  const closed = await startBroker({ port: 0, auth: { users: [{ user: "stock", pass: "right" }] } });
  const fromVault = withVault(closed.url, `http://127.0.0.1:${(vault.address() as AddressInfo).port}`);
  const fromFiles = withCreds(closed.url, "/nowhere/stock.creds", "/nowhere");
  buses.push(fromVault, fromFiles);
  const kinds: string[] = [];
  fromFiles.on("connectFailed", ({ kind }) => kinds.push(kind));
  await eventually(() => fromVault.status.connection.state === "up" && kinds.length > 0);
  expect(["credentials", "tls"]).toContain(kinds[0]);
  vault.close();
  await closed.close();
});

test("an event comes to each that listens, to one of a group, and to nobody after the end of the listening", async () => {
  const [service, shop, buyer] = [join("stock"), join("shop"), join("buyer")];
  const shown = new Set(["tea"]);
  const ordered: string[] = [];
  const listener = listen(shop, shown);
  for (const bus of [buyer, shop]) reorder(bus, async (sku) => void ordered.push(sku));
  await eventually(() => buses.every((bus) => bus.status.connection.state === "up"));
  const handlers = { level: () => ({ pieces: 0 }), reserve: () => ({ left: 0 }), sold: () => {} };
  expect(publish(service, handlers)).toBe("sent");
  await eventually(() => shown.size === 0 && ordered.length === 1);
  await listener.stop();
  expect(shop.status.listeners).toHaveLength(1);
});

test("a cast to nobody is a dead letter, and without NATS it is buffered, as its contract says", async () => {
  const { service, caller } = await both();
  const undelivered: unknown[] = [];
  watchDeadLetters(caller, undelivered);
  expect(sold(caller)).toBe("sent");
  await eventually(() => service.status.counts.received === 1);
  expect(undelivered).toEqual([]);
  await service.close();
  expect(sold(caller)).toBe("sent");
  await eventually(() => undelivered.length > 0);
  expect(undelivered).toEqual([
    { to: "stock.sold", input: { sku: "tea", pieces: 1 }, reason: "absent", delivered: "no" },
  ]);
  await broker.close();
  await eventually(() => caller.status.connection.state === "down");
  expect(sold(caller)).toBe("buffered");
});

test("a handler answers by a nested call", async () => {
  const { service, caller } = await both();
  serveBasket(service);
  await eventually(() => service.status.mailboxes.every(({ state }) => state === "open"));
  const outcome = await caller.to(basket).check({ sku: "gold" });
  expect(outcome).toMatchObject({ status: "ok", value: { available: false, sure: true } });
});

test("an HTTP edge answers with and without the service, and serves its health", async () => {
  const { service, caller } = await both();
  const server = edge(caller).listen(0);
  const { port } = server.address() as { port: number };
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  expect(await get("/")).toMatchObject({ degraded: false });
  await service.close();
  expect(await get("/")).toMatchObject({ degraded: true });
  expect(await get("/readyz")).toMatchObject({ live: true, ready: true, degraded: true });
  await new Promise((closed) => server.close(closed));
});

test("a main file closes its HTTP server, drains and exits with 0 on SIGTERM", async () => {
  vi.stubEnv("NATS_URL", broker.url);
  vi.stubEnv("LOG_LEVEL", "silent");
  vi.stubEnv("PORT", "0");
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const others = new Set<unknown>(process.listeners("SIGTERM"));
  await import("./snippets/guide/main.js");
  const [stop] = process.listeners("SIGTERM").filter((listener) => !others.has(listener));
  stop?.("SIGTERM");
  await eventually(() => exit.mock.calls.length > 0, { within: 20_000 }); // Its balancer has 5 s.
  expect(exit).toHaveBeenCalledWith(0);
});

test("a message goes to its address, and everyone answers a call to all", async () => {
  const [first, second] = [join("stock", { region: "eu" }), join("stock", { region: "us" })];
  const caller = join("shop");
  for (const bus of [first, second]) serveStock(bus);
  await eventually(() => buses.every((bus) => bus.status.connection.state === "up"));
  const { instance } = first.status;
  // The first call by key has to learn who is there, which may take most of its 300 ms on a busy machine.
  await eventually(async () => (await addressed(caller, instance, "tea")).every((status) => status === "ok"));
  expect([...(await everyone(caller)).values()]).toEqual([expect.any(Number), expect.any(Number)]);
  await first.close();
  const outcomes = await addressed(caller, instance, "tea");
  expect(outcomes).toEqual(["ok", "unavailable", "ok", "unavailable"]);
  expect((await everyone(caller)).size).toBe(1);
});

test("messages of one key are handled one at a time, where the mailbox says so", async () => {
  const [service, caller] = [join("prices"), join("shop")];
  const written: number[] = [];
  const write = async (_: string, cents: number): Promise<void> => {
    await new Promise((later) => setTimeout(later, 200 - cents)); // The first takes longer.
    written.push(cents);
  };
  servePrices(service, { write });
  await eventually(() => service.status.mailboxes.every(({ state }) => state === "open"));
  await eventually(() => caller.status.connection.state === "up");
  change(caller, "tea");
  await eventually(() => written.length === 2);
  expect(written).toEqual([100, 200]);
});

test("metadata travels with messages, and steps see them", async () => {
  vi.stubEnv("LOG_LEVEL", "silent");
  const [service, caller] = [connectAs("menu", broker.url), connectAs("shop", broker.url)];
  buses.push(service, caller);
  const records: string[] = [];
  for (const bus of [service, caller]) {
    addSteps(bus, (address, what) => records.push(`${address} ${what} ${tenants.getStore()}`));
  }
  serveMenu(service);
  await eventually(() => service.status.mailboxes.every(({ state }) => state === "open"));
  await eventually(() => caller.status.connection.state === "up");
  expect(await greet(caller, "acme")).toEqual(["Welcome at acme", "Willkommen at acme"]);
  expect(records.slice(0, 2).sort()).toEqual(["menu.greet handled undefined", "menu.greet ok undefined"]);
});

test("only who has a signed token is let in", async () => {
  vi.stubEnv("LOG_LEVEL", "silent");
  const [service, caller] = [auth.join("stock", broker.url), auth.join("shop", broker.url)];
  buses.push(service, caller);
  auth.guard(service, "the key");
  serveStock(service);
  await eventually(() => service.status.mailboxes.every(({ state }) => state === "open"));
  await eventually(() => caller.status.connection.state === "up");
  let token = auth.issue("anna", "the key");
  auth.authenticate(caller, () => token);
  const ask = () => caller.to(stock).level({ sku: "tea" });
  expect(await ask()).toMatchObject({ status: "ok" });
  token = auth.issue("anna", "the key", Date.now() - 1);
  expect(await ask()).toMatchObject({ reason: "refused", text: "the token has expired" });
  token = auth.issue("anna", "another key");
  expect(await ask()).toMatchObject({ reason: "refused", text: "the token is not ours" });
});

test("a monitor reports who is absent, who comes and who goes", async () => {
  const caller = join("shop");
  const notes: string[] = [];
  await eventually(() => caller.status.connection.state === "up");
  const monitor = watchStock(caller, notes);
  await eventually(() => notes.length === 1);
  const service = join("stock");
  serveStock(service);
  await eventually(() => notes.length === 2);
  await service.close();
  await eventually(() => notes.length === 3);
  const { instance } = service.status;
  expect(notes).toEqual(["everybody is absent", `${instance} is there, with version 1.0.0`, `${instance} is closed`]);
  monitor.stop();
});
