import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, type NatsProxy } from "@muove/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeKit } from "../support/kit.js";
import { Peer } from "./support.js";

/** In ms: time enough for anything that is not held back to arrive. */
const longEnough = 100;

interface Setup {
  readonly path: NatsProxy;
  /** Connects, and resolves to both ends. */
  connect(): Promise<{ readonly client: Peer; readonly server: Peer }>;
}

async function setup(): Promise<Setup> {
  const accepted: Peer[] = [];
  const listener = createServer((socket) => accepted.push(new Peer(socket)));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  const path = await makeKit().proxy(`nats://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  return {
    path,
    connect: async () => {
      const before = accepted.length;
      const client = new Peer(path.url);
      const server = await eventually(() => accepted[before]);
      await eventually(() => client.state === "open");
      return { client, server };
    },
  };
}

/** Resolves when bytes have passed both ways. */
async function passes({ client, server }: { client: Peer; server: Peer }): Promise<void> {
  const [toServer, toClient] = [`${server.received}ping`, `${client.received}pong`];
  client.socket.write("ping");
  server.socket.write("pong");
  await eventually(() => server.received === toServer && client.received === toClient);
}

describe("a proxy", () => {
  it("passes any number of bytes both ways, and counts connections", async () => {
    const { path, connect } = await setup();
    const { client, server } = await connect();
    const much = "0123456789".repeat(2_000_000);
    client.socket.write(much);
    server.socket.write("hello");
    await eventually(() => server.received.length === much.length && client.received === "hello", { within: 10_000 });
    expect(server.received === much).toBe(true);
    expect([path.connections, path.accepted]).toEqual([1, 1]);
    client.socket.destroy();
    await eventually(() => path.connections === 0);
    expect(path.accepted).toBe(1);
  });

  it("passes an end as an end, and a reset as a reset (WAY-2)", async () => {
    const { connect } = await setup();
    const ended = await connect();
    ended.client.socket.end("bye");
    await eventually(() => ended.server.state === "ended");
    expect(ended.server.received).toBe("bye");
    const reset = await connect();
    reset.server.socket.resetAndDestroy();
    await eventually(() => reset.client.state === "reset");
  });

  it("holds a sender back while its receiver does not read (WAY-3)", async () => {
    const { connect } = await setup();
    const { client, server } = await connect();
    server.socket.pause();
    const chunk = Buffer.alloc(1_000_000);
    let taken = 0;
    const write = (): void => {
      while (taken < 100 && client.socket.write(chunk)) taken++;
    };
    client.socket.on("drain", () => {
      taken++;
      write();
    });
    write();
    await sleep(longEnough);
    expect(taken).toBeLessThan(50);
    server.socket.resume();
    await eventually(() => taken >= 100, { within: 10_000 });
  });

  it("cut() resets both sides, and a new connection works", async () => {
    const { path, connect } = await setup();
    const { client, server } = await connect();
    path.cut();
    await eventually(() => client.state === "reset" && server.state === "reset");
    await passes(await connect());
  });

  it("refuse() resets connections and stops listening until heal(), at the same address", async () => {
    const { path, connect } = await setup();
    const { client, server } = await connect();
    await path.refuse();
    await eventually(() => client.state === "reset" && server.state === "reset");
    const refused = new Peer(path.url);
    await eventually(() => refused.state === "refused");
    await path.refuse();
    await path.heal();
    await passes(await connect());
  });

  it("blackHole() lets no byte, end or reset through, on open and new connections", async () => {
    const { path, connect } = await setup();
    const open = await connect();
    const ending = await connect();
    const dying = await connect();
    await passes(open);
    path.blackHole();
    const fresh = await connect();
    for (const { client, server } of [open, fresh]) {
      client.socket.write("lost");
      server.socket.write("lost");
    }
    ending.client.socket.end("lost");
    dying.server.socket.resetAndDestroy();
    await sleep(longEnough);
    expect(open).toMatchObject({
      client: { received: "pong", state: "open" },
      server: { received: "ping", state: "open" },
    });
    expect(fresh).toMatchObject({ client: { received: "", state: "open" }, server: { received: "", state: "open" } });
    expect(ending.server).toMatchObject({ received: "", state: "open" });
    expect(dying.client.state).toBe("open");
  });

  it("blackHole() in one direction lets the other one pass", async () => {
    const { path, connect } = await setup();
    const pair = await connect();
    path.blackHole({ direction: "toServer" });
    pair.client.socket.write("lost");
    pair.server.socket.write("heard");
    await eventually(() => pair.client.received === "heard");
    await sleep(longEnough);
    expect(pair.server.received).toBe("");
  });

  it("heal() keeps connections silent that lost bytes, lets others continue, and passes resets on (WAY-1, WAY-2)", async () => {
    const { path, connect } = await setup();
    const [harmed, unharmed, gone] = [await connect(), await connect(), await connect()];
    path.blackHole();
    harmed.client.socket.write("lost");
    gone.client.socket.resetAndDestroy();
    await sleep(longEnough);
    await path.heal();
    await passes(unharmed);
    await eventually(() => gone.server.state === "reset");
    harmed.client.socket.write("lost as well");
    await sleep(longEnough);
    expect(harmed.server.received).toBe("");
    expect(harmed.server.state).toBe("open");
    harmed.client.socket.end();
    await eventually(() => harmed.server.state === "reset");
  });

  it("stall() fills the senders' buffers, on open and new connections, and heal() lets all of it through (WAY-4)", async () => {
    const { path, connect } = await setup();
    const open = await connect();
    await passes(open);
    path.stall();
    const pairs = [open, await connect()];
    const much = "0123456789".repeat(2_000_000);
    for (const { client, server } of pairs) {
      client.socket.end(much);
      server.socket.write("more");
    }
    await sleep(longEnough);
    for (const { client } of pairs) expect(client.socket.writableLength).toBeGreaterThan(0);
    expect(pairs.map(({ client, server }) => [client.received, server.received])).toEqual([
      ["pong", "ping"],
      ["", ""],
    ]);
    await path.heal();
    await eventually(() => pairs.every(({ client, server }) => client.received && server.state === "ended"));
    expect(pairs.map(({ client }) => client.received)).toEqual(["pongmore", "more"]);
    expect(pairs.map(({ server }) => server.received.replace("ping", "") === much)).toEqual([true, true]);
  });

  it("stall() holds a reset back until heal(), and cut() still resets", async () => {
    const { path, connect } = await setup();
    const [dying, cut] = [await connect(), await connect()];
    path.stall();
    dying.client.socket.resetAndDestroy();
    await sleep(longEnough);
    expect(dying.server.state).toBe("open");
    await path.heal();
    await eventually(() => dying.server.state === "reset");
    path.stall();
    path.cut();
    await eventually(() => cut.client.state === "reset" && cut.server.state === "reset");
  });

  it("slow() delays every byte and keeps their order, and heal() lets all of it pass at once", async () => {
    const { path, connect } = await setup();
    const { client, server } = await connect();
    path.slow(150);
    const started = performance.now();
    const numbers = Array.from({ length: 20 }, (_, i) => `${i};`);
    for (const number of numbers) {
      client.socket.write(number);
      await sleep(2);
    }
    await eventually(() => server.received !== "");
    expect(performance.now() - started).toBeGreaterThanOrEqual(149);
    await eventually(() => server.received === numbers.join(""));
    path.slow(60_000);
    server.socket.write("late");
    server.socket.end(" end");
    await sleep(longEnough);
    expect(client).toMatchObject({ received: "", state: "open" });
    await path.heal();
    await eventually(() => client.state === "ended");
    expect(client.received).toBe("late end");
  });

  it("garbage() reaches every client and no server", async () => {
    const { path, connect } = await setup();
    const pairs = [await connect(), await connect()];
    path.garbage(Buffer.from("%$#!"));
    await eventually(() => pairs.every(({ client }) => client.received === "%$#!"));
    path.garbage();
    await eventually(() => pairs.every(({ client }) => client.received.includes("GARBAGE")));
    expect(pairs.map(({ server }) => server.received)).toEqual(["", ""]);
  });

  it("resets a connection when its server is not there", async () => {
    const kit = makeKit();
    const nats = await kit.nats({ start: false });
    const path = await kit.proxy(nats.url);
    const client = new Peer(path.url);
    await eventually(() => client.state === "reset");
    expect(path.connections).toBe(0);
  });

  it("ends with its kit, and resets its connections", async () => {
    const kit = makeKit();
    const nats = await kit.nats();
    const path = await kit.proxy(nats.url);
    path.blackHole();
    const client = new Peer(path.url);
    await eventually(() => path.connections === 1);
    await kit.close();
    await eventually(() => client.state === "reset");
    const refused = new Peer(path.url);
    await eventually(() => refused.state === "refused");
  });

  it("checks its arguments", async () => {
    const kit = makeKit();
    await expect(kit.proxy("http://x")).rejects.toMatchObject({ code: "MUOVE_TESTKIT_INVALID_OPTIONS" });
    const path = await kit.proxy("nats://127.0.0.1:1");
    expect(() => path.slow(-1)).toThrow("ms must be a whole number");
    expect(() => path.blackHole({ direction: "up" as "both" })).toThrow('direction must be "toServer" or');
  });
});
