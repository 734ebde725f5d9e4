import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { linkUp, recordedLink, untilUp } from "./support/links.js";
import { greeting, scriptedServer } from "./support/scripted-server.js";

const pings = { pingInterval: 100, maxPingsOut: 2 };

describeOnEachBroker((broker) => {
  describe("the link", () => {
    it("notices a silent connection by its pings, reports down once, and replaces it (F7)", async () => {
      const server = await broker.start();
      const proxy = await makeKit().proxy(server.url);
      const { link, seen } = await linkUp({ servers: [proxy.url], ...pings, dialTimeout: 100 });
      proxy.blackHole();
      const began = performance.now();
      const fence = link.fence();
      await until("noticed", () => seen.downs.length === 1);
      const took = performance.now() - began;
      // Not before two unanswered pings. The bound is the interval times (pings out + 1), plus time for a slow machine.
      expect(took).toBeGreaterThan(pings.pingInterval);
      expect(took).toBeLessThan(pings.pingInterval * 3 + 1_000);
      expect(await fence).toBe(false);
      expect(seen.downs[0]?.reason).toBe("stale");
      await until("silence at dials, too", () => seen.failures.some(({ kind }) => kind === "timeout"));
      await proxy.heal();
      await untilUp(link);
      expect(seen.downs).toHaveLength(1);
    });

    it("notices a silent connection with a full send buffer, too, without waiting for it to empty", async () => {
      const server = await broker.start();
      const proxy = await makeKit().proxy(server.url);
      const { link, seen } = await linkUp({ servers: [proxy.url], ...pings });
      proxy.stall();
      const megabyte = new Uint8Array(1024 * 1024 - 100);
      for (let i = 0; i < 32; i++) link.publish("a", megabyte);
      await until("noticed", () => seen.downs.length === 1);
      expect(link.publish("a", megabyte)).toBe(false);
      await link.close();
      await proxy.heal();
      await until("nothing open", () => proxy.connections === 0);
    });
  });
});

describe("the link", () => {
  it.each([
    ["before its greeting", () => {}],
    ["after its greeting", (socket: { write(text: string): unknown }) => socket.write(greeting())],
  ])("times out a dial to a server that is silent %s, and leaves no socket", async (_, accept) => {
    const server = await scriptedServer(accept, () => {});
    const { link, seen } = recordedLink({ servers: [server.url], dialTimeout: 50 });
    await until("three dials timed out", () => seen.failures.length >= 3);
    expect(new Set(seen.failures.map(({ kind }) => kind))).toEqual(new Set(["timeout"]));
    await link.close();
    await until("all sockets closed", () => server.sockets.every((socket) => socket.destroyed));
    expect(server.sockets.length).toBeGreaterThanOrEqual(3);
  });

  it("loses a server that closes and stops reading at once, whatever is left to send", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link, seen } = await linkUp({ servers: [server.url] });
    server.sockets[0]?.pause();
    for (let i = 0; i < 32; i++) link.publish("a", new Uint8Array(1024 * 1024 - 100));
    server.sockets[0]?.end();
    const began = performance.now();
    await until("lost", () => seen.downs.length === 1);
    expect(seen.downs[0]?.reason).toBe("lost");
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
