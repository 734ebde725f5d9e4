// Starting and closing a broker in this process.

import { type BrokerError, startBroker } from "@muove/broker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RawClient } from "../support/raw-client.js";
import { hello, pub } from "./scripts/say.js";

vi.mock("../../packages/broker/src/timers.js", () => import("../support/global-timers.js"));

const failure = (promise: Promise<unknown>): Promise<BrokerError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: BrokerError) => error,
  );

describe("a broker", () => {
  it("knows its URL, and counts connections, subscriptions, messages and bytes", async () => {
    const broker = await startBroker({ port: 0 });
    expect(broker.url).toBe(`nats://127.0.0.1:${broker.port}`);
    const client = await RawClient.open(broker.port);
    client.send(`${hello()}SUB x 1\r\n${pub("x", "four")}${pub("y", "to nobody")}`);
    await client.fence();
    expect(broker.stats).toEqual({
      connections: 1,
      subscriptions: 1,
      totalConnections: 1,
      inMsgs: 2,
      inBytes: 13,
      outMsgs: 1,
      outBytes: 4,
      slowConsumers: 0,
    });
    await broker.close();
    expect(broker.stats).toMatchObject({ connections: 0, subscriptions: 0 });
  });

  it("lists its connections and their subscriptions", async () => {
    const broker = await startBroker({ port: 0 });
    const one = await RawClient.open(broker.port);
    one.send(`${hello({ name: "orders", user: "ann" })}SUB \xc3\xa9.* workers 1\r\nSUB b 2\r\n`);
    await one.fence();
    const two = await RawClient.open(broker.port);
    const [first, second] = broker.connections;
    expect(first).toEqual({
      id: 1,
      name: "orders",
      user: "ann",
      pending: 0,
      subscriptions: [
        { subject: "\u00e9.*", queue: "workers", sid: "1" },
        { subject: "b", queue: undefined, sid: "2" },
      ],
    });
    expect(second).toEqual({ id: 2, name: "", user: "", pending: 0, subscriptions: [] });
    await Promise.all([one.close(), two.close()]);
    await expect.poll(() => broker.connections).toEqual([]);
    await broker.close();
  });

  it("fails with PORT_IN_USE and names the address when the port is taken", async () => {
    const broker = await startBroker({ port: 0 });
    const error = await failure(startBroker({ port: broker.port }));
    expect(error).toMatchObject({ name: "BrokerError", code: "MUOVE_BROKER_PORT_IN_USE" });
    expect(error.message).toContain(`127.0.0.1:${broker.port}`);
    await broker.close();
  });

  it("fails with CANNOT_LISTEN at an address that is not this machine's", async () => {
    expect(await failure(startBroker({ port: 0, host: "192.0.2.1" }))).toMatchObject({
      code: "MUOVE_BROKER_CANNOT_LISTEN",
    });
  });

  it("has freed its port when close() resolves", async () => {
    const broker = await startBroker({ port: 0 });
    const client = await RawClient.open(broker.port);
    await broker.close();
    const again = await startBroker({ port: broker.port });
    await again.close();
    expect(await client.until(() => client.closed)).toBe(true);
  });

  describe("its timers", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
    afterEach(() => void vi.useRealTimers());

    it("are cleared for the connections that it closes", async () => {
      const broker = await startBroker({ port: 0, auth: { token: "t" } });
      const clients = await Promise.all([RawClient.open(broker.port), RawClient.open(broker.port)]);
      clients[0]?.send(hello({ auth_token: "t" }));
      await clients[0]?.fence();
      expect(vi.getTimerCount()).toBeGreaterThan(0);
      await broker.close();
      await Promise.all(clients.map((client) => client.until(() => client.closed)));
      expect(vi.getTimerCount()).toBe(0);
    });

    it("are not started for a connection that has just ended itself", async () => {
      const broker = await startBroker({ port: 0 });
      const client = await RawClient.open(broker.port);
      client.send(`-ERR 'enough'\r\n${hello()}`);
      expect(await client.until(() => client.closed)).toBe(true);
      await broker.close();
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it("sends what is pending before it closes", async () => {
    const broker = await startBroker({ port: 0 });
    const client = await RawClient.open(broker.port);
    client.send(`${hello()}SUB x 1\r\n`);
    await client.fence();
    const publisher = await RawClient.open(broker.port);
    publisher.send(`${hello()}${pub("x", "y".repeat(1_000_000))}`);
    await expect.poll(() => broker.stats.outMsgs).toBe(1);
    await broker.close();
    await client.until(() => client.closed);
    expect(client.frames.at(-1)?.body?.length).toBe(1_000_002);
  });

  it("may be closed more than once, and while it is in lame duck mode", async () => {
    const broker = await startBroker({ port: 0 });
    const client = await RawClient.open(broker.port);
    const leaving = broker.lameDuck();
    await Promise.all([broker.close(), broker.close(), leaving, broker.lameDuck()]);
    await client.until(() => client.closed);
    expect(client.closed).toBe(true);
    await broker.close();
  });

  it("ends lame duck mode at once when nobody is connected", async () => {
    const broker = await startBroker({ port: 0 });
    const since = performance.now();
    await broker.lameDuck();
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it("holds a fast publisher back rather than lose a subscriber that pauses for a moment", async () => {
    const broker = await startBroker({ port: 0, maxPending: 8_000_000 });
    const slow = await RawClient.open(broker.port);
    slow.send(`${hello()}SUB x 1\r\n`);
    await slow.fence();
    slow.pause();
    const fast = await RawClient.open(broker.port);
    fast.send(hello());
    const message = pub("x", "y".repeat(100_000));
    for (let i = 0; i < 500; i++) fast.send(message);
    // Six times maxPending is on its way, which would be too much unless the publisher is held back.
    await expect.poll(() => broker.connections[0]?.pending).toBeGreaterThan(4_000_000);
    slow.resume();
    await slow.until(() => slow.count("MSG") === 500 || slow.closed, 20_000);
    expect(slow.count("MSG")).toBe(500);
    expect(broker.stats.slowConsumers).toBe(0);
    await broker.close();
  });
});
