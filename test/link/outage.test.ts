import { freePort } from "@muove/testkit";
import { describe, expect, it } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { linkUp, recordedLink, untilUp } from "./support/links.js";
import { text } from "./support/text.js";

const nothing = new Uint8Array();

describeOnEachBroker((broker) => {
  describe("the link", () => {
    it("dials until NATS is there, and then subscribes to everything (F1)", async () => {
      const port = await freePort();
      const { link, seen } = recordedLink({ servers: [`127.0.0.1:${port}`] });
      const got: string[] = [];
      const subscription = link.subscribe("a.*", { receive: (msg) => got.push(msg.subject) });
      expect(link.status).toMatchObject({ state: "connecting" });
      await until("two dials failed", () => seen.failures.length >= 2);
      expect(seen.failures.map(({ kind }) => kind)).not.toContain("other");
      expect(seen.failures.at(1)).toMatchObject({ kind: "refused", attempt: 2 });
      expect(link.status.lastError).toBe(seen.failures.at(-1)?.error);
      await broker.start({ port });
      await untilUp(link);
      expect(subscription.state).toBe("open");
      expect(seen.ups).toEqual([`127.0.0.1:${port}`]);
      link.publish("a.b", nothing);
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(["a.b"]);
    });

    it("restores its subscriptions after NATS was killed, within 2 s of the restart, with one down and one up (F6)", async () => {
      const server = await broker.start();
      const { link, seen } = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      const subscription = link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
      await until("subscribed", () => subscription.state === "open");
      await server.kill();
      await until("down", () => link.status.state === "down");
      expect(subscription.state).toBe("pending");
      expect(seen.downs).toHaveLength(1);
      expect(seen.downs[0]?.reason).toBe("lost");
      await until("several dials failed", () => seen.failures.length > 5);
      await broker.start({ port: server.port });
      const back = performance.now();
      await untilUp(link);
      expect(performance.now() - back).toBeLessThan(2_000);
      expect(seen.log.filter((event) => event !== "dialFailed")).toEqual(["up", "down", "up"]);
      link.publish("a", Buffer.from("again"));
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(["again"]);
    });

    it("refuses messages in an outage, and never delivers them later (LINK-2)", async () => {
      const server = await broker.start();
      const { link, seen } = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      link.subscribe("a", { receive: (msg) => got.push(text(msg)) });
      // From the callback of down until the next connection.
      const said: boolean[] = [];
      const publish = () => said.push(link.publish("a", Buffer.from("lost")));
      const down = seen.down.bind(seen);
      seen.down = (why) => {
        publish();
        down(why);
      };
      await server.kill();
      await until("down", () => link.status.state === "down");
      publish();
      const busy = setInterval(() => link.status.state === "down" && publish());
      await until("a dial failed", () => seen.failures.length > 0);
      await broker.start({ port: server.port });
      await untilUp(link);
      clearInterval(busy);
      link.publish("a", Buffer.from("sent"));
      expect(await link.fence()).toBe(true);
      expect(got).toEqual(["sent"]);
      expect(said.length).toBeGreaterThan(1);
      expect(said).not.toContain(true);
    });

    it("applies subscriptions made or drained in an outage to the next connection", async () => {
      const server = await broker.start();
      const { link } = await linkUp({ servers: [server.url] });
      const got: string[] = [];
      const drained = link.subscribe("a", { receive: () => got.push("drained") });
      await server.kill();
      await until("down", () => link.status.state === "down");
      await drained.drain();
      expect(drained.state).toBe("closed");
      link.subscribe("a", { receive: () => got.push("made") });
      await broker.start({ port: server.port });
      await untilUp(link);
      link.publish("a", nothing);
      await link.fence();
      expect(got).toEqual(["made"]);
    });
  });
});
