// The official client, unchanged, against the embedded broker.

import { type AuthOptions, type Broker, startBroker } from "@muove/broker";
import { connect, headers, type Msg, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let broker: Broker;
let clients: NatsConnection[];

const client = async (options: NodeConnectionOptions = {}): Promise<NatsConnection> => {
  const connection = await connect({ servers: broker.url, ...options });
  clients.push(connection);
  return connection;
};

/** Collects messages; `all` resolves when `count` of them have come. */
function collector(count: number) {
  const messages: Msg[] = [];
  let enough = (): void => {};
  const all = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const callback = (error: Error | null, message: Msg): void => {
    if (error !== null) throw error;
    messages.push(message);
    if (messages.length === count) enough();
  };
  return { messages, all, callback };
}

beforeEach(async () => {
  clients = [];
  broker = await startBroker({ port: 0 });
});

afterEach(async () => {
  await Promise.all(clients.map((each) => each.close()));
  await broker.close();
});

describe("the official client", () => {
  it("requests and gets replies", async () => {
    const service = await client();
    service.subscribe("service.*", {
      callback: (_error, message) => void message.respond(`${message.string()} at ${message.subject}`),
    });
    await service.flush();
    const caller = await client();
    const reply = await caller.request("service.x", "4", { timeout: 1_000 });
    expect(reply.string()).toBe("4 at service.x");
  });

  it("gets no responders at once when nobody listens", async () => {
    const caller = await client();
    const since = performance.now();
    await expect(caller.request("nobody", "?", { timeout: 5_000 })).rejects.toMatchObject({
      message: expect.stringMatching(/no responders/i),
    });
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it("spreads work over a queue group, each message to one member", async () => {
    const members = await Promise.all([client(), client(), client()]);
    const done: number[] = [0, 0, 0];
    const { messages, all, callback } = collector(300);
    for (const [i, member] of members.entries()) {
      member.subscribe("work", {
        queue: "workers",
        callback: (error, message) => {
          done[i] = (done[i] as number) + 1;
          callback(error, message);
        },
      });
      await member.flush();
    }
    const boss = await client();
    for (let i = 0; i < 300; i++) boss.publish("work", `${i}`);
    await all;
    await boss.flush();
    expect(messages.map((message) => Number(message.string())).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 300 }, (_, i) => i),
    );
    for (const share of done) expect(share).toBeGreaterThan(40);
  });

  it("sends and receives headers, including several values for one name", async () => {
    const one = await client();
    const { messages, all, callback } = collector(1);
    one.subscribe("x", { callback });
    const sent = headers();
    sent.set("A", "b");
    sent.append("C", "1");
    sent.append("C", "2");
    one.publish("x", "payload", { headers: sent });
    await all;
    expect(messages[0]?.headers?.get("A")).toBe("b");
    expect(messages[0]?.headers?.values("C")).toEqual(["1", "2"]);
    expect(messages[0]?.string()).toBe("payload");
  });

  it("transports payloads of every size up to the limit unchanged", async () => {
    const [from, to] = [await client(), await client()];
    const sizes = [0, 1, 511, 512, 16_383, 16_384, 65_535, 65_536, 300_000, 1_048_576];
    const { messages, all, callback } = collector(sizes.length);
    to.subscribe("big", { callback });
    await to.flush();
    const payloads = sizes.map((size) => Buffer.alloc(size, Buffer.from([size % 251, 13, 10, 7])));
    for (const payload of payloads) from.publish("big", payload);
    await all;
    for (const [i, payload] of payloads.entries())
      expect(Buffer.compare(messages[i]?.data as Uint8Array, payload)).toBe(0);
    expect(from.info?.max_payload).toBe(1_048_576);
  });

  it("unsubscribes after a maximum", async () => {
    const one = await client();
    const got: string[] = [];
    const subscription = one.subscribe("x", { max: 2 });
    for (const text of ["1", "2", "3"]) one.publish("x", text);
    for await (const message of subscription) got.push(message.string());
    expect(got).toEqual(["1", "2"]);
    expect(broker.stats.subscriptions).toBe(0);
  });

  it("drains: handles what was published before, then ends the subscription", async () => {
    const [from, to] = [await client(), await client()];
    const { messages, callback } = collector(0);
    to.subscribe("x", { callback });
    await to.flush();
    for (let i = 0; i < 1_000; i++) from.publish("x", `${i}`);
    await from.flush();
    await to.drain();
    expect(messages.length).toBe(1_000);
    expect(broker.stats.subscriptions).toBe(0);
  });

  it("restores its subscriptions after a reconnect to a broker that was restarted on the same port", async () => {
    const one = await client({ reconnectTimeWait: 10, reconnectJitter: 0, maxReconnectAttempts: -1 });
    const { all, callback } = collector(1);
    one.subscribe("x", { callback });
    await one.flush();
    const statuses = one.status();
    const { port } = broker;
    await broker.close();
    broker = await startBroker({ port });
    for await (const { type } of statuses) if (type === "reconnect") break;
    one.publish("x", "again");
    await all;
  });

  it("learns of lame duck mode before its connection ends", async () => {
    await broker.close();
    broker = await startBroker({ port: 0, lameDuckGracePeriod: 20, lameDuckDuration: 1_000 });
    const one = await client({ reconnect: false });
    const heard: string[] = [];
    const statuses = (async () => {
      for await (const { type } of one.status()) heard.push(type);
    })();
    await one.flush();
    await broker.lameDuck();
    await one.closed();
    await statuses;
    expect(heard).toContain("ldm");
  });

  it("gets a permissions violation for a forbidden subscription, and stays connected", async () => {
    await broker.close();
    const permissions = { subscribe: { deny: ["secret"] }, publish: { deny: ["secret"] } };
    broker = await startBroker({ port: 0, auth: { user: "ann", pass: "right", permissions } });
    const one = await client({ user: "ann", pass: "right" });
    const refused = new Promise<Error>((resolve) => {
      one.subscribe("secret", { callback: (error) => resolve(error as Error) });
    });
    expect((await refused).message).toMatch(/permissions violation/i);
    await one.flush();
    expect(one.isClosed()).toBe(false);
  });

  const ways: readonly [string, AuthOptions, NodeConnectionOptions, NodeConnectionOptions][] = [
    [
      "user and password",
      { user: "ann", pass: "right" },
      { user: "ann", pass: "right" },
      { user: "ann", pass: "wrong" },
    ],
    ["a token", { token: "right" }, { token: "right" }, { token: "wrong" }],
    [
      "one of several users",
      {
        users: [
          { user: "ann", pass: "right" },
          { user: "bob", pass: "other" },
        ],
      },
      { user: "bob", pass: "other" },
      { user: "bob", pass: "right" },
    ],
  ];
  it.each(ways)("is let in with %s, and not with wrong credentials or none", async (_way, auth, right, wrong) => {
    await broker.close();
    broker = await startBroker({ port: 0, auth });
    const one = await client(right);
    await one.flush();
    await expect(connect({ servers: broker.url, ...wrong, reconnect: false })).rejects.toThrow(
      /authorization violation/i,
    );
    await expect(connect({ servers: broker.url, reconnect: false })).rejects.toThrow(/authorization violation/i);
  });
});
