import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";
import { linkUp, untilUp } from "./support/links.js";

const denied = { permissions: { publish: { deny: ["denied.>"] }, subscribe: { deny: ["denied.>"] } } };

describeOnEachBroker((broker) => {
  describe("the link", () => {
    it("reports a forbidden publish with its subject, and stays connected (F25)", async () => {
      const server = await broker.start(denied);
      const { link, seen } = await linkUp({ servers: [server.url] });
      link.publish("denied.a", new Uint8Array());
      expect(await link.fence()).toBe(true);
      expect(seen.violations).toEqual([{ operation: "publish", subject: "denied.a", reason: "permissions" }]);
      expect(seen.log).toEqual(["up", "forbidden"]);
    });

    it("reports a forbidden subscription, and opens the others (F25)", async () => {
      const server = await broker.start(denied);
      const { link, seen } = await linkUp({ servers: [server.url] });
      const receive = () => {};
      const plain = link.subscribe("denied.a", { receive });
      const queued = link.subscribe("denied.a", { queue: "q", receive });
      const allowed = link.subscribe("allowed", { queue: "q", receive });
      expect([plain.state, queued.state, allowed.state]).toEqual(["pending", "pending", "pending"]);
      await link.fence();
      expect([plain.state, queued.state, allowed.state]).toEqual(["forbidden", "forbidden", "open"]);
      expect(seen.violations).toEqual([
        { operation: "subscribe", subject: "denied.a", reason: "permissions" },
        { operation: "subscribe", subject: "denied.a", queue: "q", reason: "permissions" },
      ]);
      await plain.drain();
      expect(plain.state).toBe("closed");
    });

    it("tries a forbidden subscription again on the next connection, and comes up without it", async () => {
      const server = await broker.start(denied);
      const proxy = await makeKit().proxy(server.url);
      const { link, seen } = await linkUp({ servers: [proxy.url] });
      const subscription = link.subscribe("denied.a", { queue: "q", receive: () => {} });
      await link.fence();
      proxy.cut();
      await until("down", () => link.status.state === "down");
      expect(subscription.state).toBe("pending");
      await untilUp(link);
      expect(subscription.state).toBe("forbidden");
      expect(seen.log.filter((event) => event !== "dialFailed")).toEqual(["up", "forbidden", "down", "up"]);
      await server.kill();
      const got: string[] = [];
      link.subscribe("denied.b", { receive: (msg) => got.push(msg.subject) });
      await broker.start({ port: server.port });
      await until("allowed", () => subscription.state === "open");
      expect(seen.allowances).toEqual(["denied.a"]);
      link.publish("denied.b", new Uint8Array());
      await link.fence();
      expect(got).toEqual(["denied.b"]);
    });
  });
});
