import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { linkUp, recordedLink } from "./support/links.js";
import { greeting, pong, scriptedServer } from "./support/scripted-server.js";

const nothing = new Uint8Array();
const denied = { publish: { deny: ["denied.>"] }, subscribe: { deny: ["denied.>"] } };

describeOnEachBroker((broker) => {
  describe("the fence", () => {
    it("resolves after the 503 for an earlier message without responders", async () => {
      const server = await broker.start();
      const { link } = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      link.subscribe("inbox.*", { receive: (msg) => got.push(msg.headers.slice(0, 12)) });
      for (let i = 0; i < 100; i++) {
        link.publish("nobody.home", nothing, { reply: `inbox.${i}` });
        expect(await link.fence()).toBe(true);
        expect(got).toHaveLength(i + 1);
      }
      expect(new Set(got)).toEqual(new Set(["NATS/1.0 503"]));
    });

    it("resolves after a violation by an earlier message was reported", async () => {
      const server = await broker.start({ permissions: denied });
      const { link, seen } = await linkUp({ servers: [server.url] });
      for (let i = 0; i < 20; i++) {
        expect(link.publish(`denied.${i}`, nothing)).toBe(true);
        expect(await link.fence()).toBe(true);
        expect(seen.violations.at(-1)).toEqual({ operation: "publish", subject: `denied.${i}`, reason: "permissions" });
      }
      expect(seen.faults).toEqual([]);
    });

    it("is false when the connection is lost, and while there is none", async () => {
      const server = await broker.start();
      const proxy = await makeKit().proxy(server.url);
      const { link } = await linkUp({ servers: [proxy.url] });
      proxy.blackHole();
      link.publish("a", nothing);
      const fence = link.fence();
      proxy.cut();
      expect(await fence).toBe(false);
      await until("down", () => link.status.state === "down");
      expect(await link.fence()).toBe(false);
    });
  });
});

describe("the fence", () => {
  it("sends one PING for all fences of one turn", async () => {
    const server = await scriptedServer((socket) => socket.write(greeting()));
    const { link } = await linkUp({ servers: [server.url] });
    const pings = () => server.received.split("PING").length - 1;
    const before = pings();
    const fences = Array.from({ length: 50 }, () => {
      link.publish("a", nothing);
      return link.fence();
    });
    expect(await Promise.all(fences)).not.toContain(false);
    expect(pings() - before).toBe(1);
    expect(server.received.endsWith("PUB a 0\r\n\r\nPING\r\n")).toBe(true);
  });

  it("is false before the first connection", async () => {
    const { link } = recordedLink({ servers: ["127.0.0.1:1"] });
    expect(await link.fence()).toBe(false);
  });

  it("is false when the server stops answering, as soon as the pings notice it (ROUND-TRIPS-1)", async () => {
    let mute = false;
    const server = await scriptedServer(
      (socket) => socket.write(greeting()),
      (socket, line) => mute || pong(socket, line),
    );
    const { link, seen } = await linkUp({ servers: [server.url], pingInterval: 50, maxPingsOut: 1 });
    mute = true;
    expect(await link.fence()).toBe(false);
    await until("stale", () => seen.downs.length === 1);
    expect(seen.downs[0]?.reason).toBe("stale");
  });
});
