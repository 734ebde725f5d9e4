import { startBroker } from "@muove/broker";
import { eventually } from "@muove/testkit";
import { afterAll, expect, test, vi } from "vitest";

vi.stubEnv("LOG_LEVEL", "silent");
const signals = process.listeners("SIGTERM").length;
// A free port, where nothing listens yet.
let broker = await startBroker({ port: 0 });
const { port } = broker;
vi.stubEnv("NATS_URL", broker.url);
await broker.close();

const caller = await import("./snippets/readme/caller.js");

afterAll(async () => {
  await caller.bus.close();
  await broker.close();
});

test("the README's example answers with the service, without it, and without NATS", async () => {
  expect(await caller.price("tea")).toBe("about 500 cents (unreachable, constant)");
  broker = await startBroker({ port });
  await eventually(() => caller.bus.status.connection.state === "up");
  expect(await caller.price("tea")).toBe("about 500 cents (absent, constant)");

  const service = await import("./snippets/readme/service.js");
  await eventually(() => service.bus.status.mailboxes[0]?.state === "open");
  expect(await caller.price("tea")).toBe("450 cents");
  expect(await caller.price("gold")).toBe("not sold here");
  expect(process.listeners("SIGTERM")).toHaveLength(signals + 1);

  await service.bus.close();
  expect(await caller.price("tea")).toBe("about 450 cents (absent, last-known)");
  await broker.close();
  await eventually(() => caller.bus.status.connection.state === "down");
  expect(await caller.price("tea")).toBe("about 450 cents (unreachable, last-known)");
});
