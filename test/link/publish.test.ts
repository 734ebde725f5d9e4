import { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { linkUp, recordedLink } from "./support/links.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";
import { text } from "./support/text.js";

const nothing = new Uint8Array();

describeOnEachBroker((broker) => {
  describe("publish", () => {
    it("passes headers, payload and reply subject unchanged", async () => {
      const server = await broker.start();
      const { link } = await linkUp({ servers: [server.url] });
      const got: unknown[] = [];
      link.subscribe("a", { receive: (msg) => got.push([msg.headers, text(msg), msg.reply]) });
      const headers = "NATS/1.0\r\nX: y z\r\n\r\n";
      expect(link.publish("a", Buffer.from("hello"), { headers, reply: "r" })).toBe(true);
      await link.fence();
      expect(got).toEqual([[headers, "hello", "r"]]);
    });

    it("keeps order, and does not modify the caller's options", async () => {
      const server = await broker.start();
      const { link } = await linkUp({ servers: [server.url] });
      const got: number[] = [];
      link.subscribe("a", { receive: (msg) => got.push(Number(text(msg))) });
      const options = Object.freeze({ headers: "NATS/1.0\r\n\r\n" });
      const sent = Array.from({ length: 5_000 }, (_, i) => i);
      for (const i of sent) link.publish("a", Buffer.from(`${i}`), options);
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(sent);
    });
  });
});

describe("subscribe", () => {
  it("throws for an invalid subject or queue group", async () => {
    const { link } = recordedLink({ servers: ["127.0.0.1:1"] });
    for (const subject of ["", "a b", "a\r\nPUB b 0\r\n", "a\tb", "\u010a"]) {
      expect(() => link.subscribe(subject, { receive: () => {} })).toThrow(TypeError);
      expect(() => link.subscribe("a", { queue: subject, receive: () => {} })).toThrow(TypeError);
    }
  });
});

describe("publish", () => {
  it("sends nothing before all subscriptions are confirmed (LINK-1, LINK-2)", async () => {
    let confirm = () => {};
    const server = await scriptedServer(
      () => {},
      (socket, line) => {
        if (line !== "PING") return;
        // The first PING belongs to the handshake, the second to the subscription, and the third confirms all of them.
        if (server.received.split("PING").length === 2) socket.write("PONG\r\n");
        else confirm = () => socket.write("PONG\r\nPONG\r\n");
      },
    );
    const { link, seen } = recordedLink({ servers: [server.url] });
    link.subscribe("s", { receive: () => {} });
    await until("accepted", () => server.sockets.length === 1);
    expect(link.publish("early", nothing)).toBe(false);
    server.sockets[0]?.write(greeting());
    await until("subscribing", () => server.received.includes("SUB s"));
    expect(link.publish("early", nothing)).toBe(false);
    expect(seen.ups).toEqual([]);
    await until("asked to confirm", () => server.received.split("PING").length === 4);
    confirm();
    await until("up", () => seen.ups.length === 1);
    expect(link.publish("late", nothing)).toBe(true);
    await until("published", () => server.received.includes("PUB late"));
    expect(server.received).not.toContain("early");
  });

  it("keeps the order of subscriptions, messages and fences", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link } = await linkUp({ servers: [server.url] });
    link.subscribe("first", { receive: () => {} });
    link.publish("second", nothing);
    expect(await link.fence()).toBe(true);
    expect(server.received).toMatch(/SUB first \d+\r\n.*PUB second 0.*PING/s);
    const drained = link.subscribe("third", { receive: () => {} });
    link.publish("fourth", nothing);
    await drained.drain();
    expect(server.received).toMatch(/SUB third \d+\r\n.*PUB fourth 0.*UNSUB \d+.*PING/s);
  });

  it("sends large amounts before the turn ends", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link } = await linkUp({ servers: [server.url] });
    const written = vi.spyOn(Socket.prototype, "write");
    for (let i = 0; i < 30; i++) link.publish("a", new Uint8Array(1_000));
    expect(written.mock.calls.length).toBeGreaterThan(1);
    written.mockRestore();
    expect(await link.fence()).toBe(true);
  });

  it("returns false for a dead socket before the link reports down", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    server.sockets[0]?.resetAndDestroy();
    // The reset arrives while this process is busy, so only a write can find out.
    for (const end = performance.now() + 50; performance.now() < end; );
    link.publish("a", nothing);
    for (let microtask = 0; microtask < 5; microtask++) await undefined;
    expect(link.publish("a", nothing)).toBe(false);
    expect(await link.fence()).toBe(false);
    await until("reported", () => seen.downs.length === 1);
  });

  it("returns false for messages beyond the server's limit, which the link remembers in an outage", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting({ max_payload: 10 })));
    const recorded = recordedLink({ servers: [server.url] });
    expect(recorded.link.maxPayload).toBe(Number.POSITIVE_INFINITY);
    await until("up", () => recorded.seen.ups.length === 1);
    expect(recorded.link.maxPayload).toBe(10);
    expect(recorded.link.publish("a", new Uint8Array(11))).toBe(false);
    expect(recorded.link.publish("a", nothing, { headers: "NATS/1.0\r\n\r\n" })).toBe(false);
    expect(recorded.link.publish("a", new Uint8Array(10))).toBe(true);
    recorded.seen.down = () => expect(recorded.link.maxPayload).toBe(10);
    server.sockets[0]?.destroy();
    await until("lost", () => recorded.link.status.state !== "up");
    expect(recorded.link.maxPayload).toBe(10);
    expect(recorded.seen.faults).toEqual([]);
  });
});
