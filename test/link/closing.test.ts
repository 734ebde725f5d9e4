import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { fullBacklog } from "./support/full-backlog.js";
import { linkUp, recordedLink } from "./support/links.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";
import { text } from "./support/text.js";

const nothing = new Uint8Array();

/** The open sockets and timers, which keep this process alive. */
function held(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap" || kind === "Timeout");
}

/** Waits until no more handles are open than before, apart from the timer that bounds this wait. */
async function untilReleased(before: readonly string[]): Promise<void> {
  await until("nothing is held", async () => {
    await undefined; // The timer of the poll itself is gone only then.
    return held().length <= before.length + 1;
  });
}

describeOnEachBroker((broker) => {
  describe("close", () => {
    it("flushes what was published, reports down once, and is idempotent", async () => {
      const server = await broker.start();
      const { link, seen } = await linkUp({ servers: [server.url] });
      const other = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      other.link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
      await other.link.fence();
      const subscription = link.subscribe("b", { receive: () => {} });
      for (let i = 0; i < 1_000; i++) link.publish("a", Buffer.from(`${i}`));
      const closed = link.close();
      expect(link.close()).toBe(closed);
      expect(link.status.state).toBe("closed");
      expect(link.up).toBe(false);
      expect(link.publish("a", Buffer.from("late"))).toBe(false);
      expect(() => link.subscribe("c", { receive: () => {} })).toThrow("the link is closed");
      await closed;
      expect(seen.downs).toEqual([{ reason: "closed" }]);
      expect(subscription.state).toBe("closed");
      await subscription.drain();
      expect(await link.fence()).toBe(false);
      await until("all arrived", () => got.length === 1_000);
      await other.link.fence();
      expect(got.at(-1)).toBe("999");
    });

    it("is bounded when the connection is silent", async () => {
      const server = await broker.start();
      const proxy = await makeKit().proxy(server.url);
      const { link, seen } = await linkUp({ servers: [proxy.url] });
      proxy.blackHole();
      link.publish("a", nothing);
      const began = performance.now();
      await link.close({ timeout: 50 });
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(seen.downs).toEqual([{ reason: "closed" }]);
    });

    it("leaves no socket and no timer (LINK-5)", async () => {
      const server = await broker.start();
      const before = held();
      const { link } = await linkUp({ servers: [server.url] });
      link.subscribe("a", { receive: () => {} });
      await link.fence();
      expect(held().length).toBeGreaterThan(before.length);
      await link.close();
      await untilReleased(before);
    });
  });
});

describe("close", () => {
  it("ends a dial in progress at once and leaves no socket (LINK-5)", async () => {
    const server = await scriptedServer(
      () => {},
      () => {},
    );
    const { link, seen } = recordedLink({ servers: [server.url] });
    await until("dialled", () => server.sockets.length === 1);
    const began = performance.now();
    await link.close();
    expect(performance.now() - began).toBeLessThan(500);
    await until("closed", () => server.sockets[0]?.destroyed === true);
    expect(seen.log).toEqual([]);
  });

  it("leaves no socket to an address that swallows connections, and neither does a dial that timed out (LINK-5)", async () => {
    const url = await fullBacklog();
    const before = held();
    const { link, seen } = recordedLink({ servers: [url], dialTimeout: 50 });
    await until("two dials timed out", () => seen.failures.length === 2);
    expect(seen.failures.map(({ kind }) => kind)).toEqual(["timeout", "timeout"]);
    await until("a third one is on its way", () => link.status.attempts === 3);
    await link.close();
    await untilReleased(before);
  });

  it("ends at once while subscriptions are being confirmed (LINK-5)", async () => {
    const handshake = () => server.received.split("PING").length === 2;
    const server = await scriptedServer(
      (socket) => socket.write(greeting()),
      (socket, line) => line === "PING" && handshake() && socket.write("PONG\r\n"),
    );
    const { link, seen } = recordedLink({ servers: [server.url], dialTimeout: 10_000 });
    link.subscribe("a", { receive: () => {} });
    await until("asked to confirm", () => server.received.includes("SUB a") && !handshake());
    const began = performance.now();
    await link.close({ timeout: 20_000 });
    expect(performance.now() - began).toBeLessThan(2_000);
    await until("closed", () => server.sockets[0]?.destroyed === true);
    expect(seen.log).toEqual([]);
  });

  it("ends the pause between two dials", async () => {
    const { link, seen } = recordedLink({ servers: ["127.0.0.1:1"], backoff: { min: 60_000, max: 60_000 } });
    await until("one failed", () => seen.failures.length === 1);
    const began = performance.now();
    await link.close();
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("works inside a callback of the observer", async () => {
    const server = await scriptedServer((socket) => socket.destroy());
    const { link, seen } = recordedLink({ servers: [server.url] });
    const closed = new Promise<void>((resolve) => {
      seen.dialFailed = () => resolve(link.close());
    });
    await closed;
    expect(link.status.state).toBe("closed");
  });
});
