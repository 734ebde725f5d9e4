// What a server does by itself when time passes or a client is slow; the same tests for both brokers.

import { afterEach, describe, expect, it } from "vitest";
import { RawClient } from "../support/raw-client.js";
import { type Side, sides } from "./pair.js";
import { hello, pub } from "./scripts/say.js";

const said = (client: RawClient): string[] =>
  client.frames.map(({ line }) => line).filter((line) => !line.startsWith("INFO"));
const megabyte = 1_048_576;

for (const { name, run, start } of sides) {
  describe.skipIf(!run)(name, () => {
    let side: Side | undefined;
    afterEach(async () => {
      await side?.stop();
      side = undefined;
    });

    const open = async (options: Parameters<typeof start>[0]): Promise<RawClient> => {
      side = await start(options);
      return await RawClient.open(side.port);
    };
    const another = (): Promise<RawClient> => RawClient.open((side as Side).port);

    it("closes a silent connection after the allowed number of unanswered pings", async () => {
      const client = await open({ pingInterval: 50, maxPingsOut: 2 });
      client.send(hello());
      await client.until(() => client.closed);
      expect(said(client)).toEqual(["PING", "PING", "-ERR 'Stale Connection'"]);
    });

    it("pings a client that has not sent CONNECT", async () => {
      const client = await open({ pingInterval: 50, maxPingsOut: 1 });
      await client.until(() => client.closed);
      expect(said(client)).toEqual(["PING", "-ERR 'Stale Connection'"]);
    });

    it("keeps a connection that answers pings", async () => {
      const client = await open({ pingInterval: 40, maxPingsOut: 1 });
      client.send(hello());
      for (let pings = 1; pings <= 6; pings++) {
        await client.until(() => client.count("PING") >= pings);
        client.send("PONG\r\n");
      }
      expect(await client.fence()).toBe(true);
      expect(client.closed).toBe(false);
      expect(client.count("PING")).toBeGreaterThanOrEqual(6);
    });

    it("pings for the first time about two seconds after CONNECT, and not again before the interval is over", async () => {
      const client = await open({ pingInterval: 60_000 });
      client.send(hello());
      const since = performance.now();
      await client.until(() => client.count("PING") === 1);
      expect(performance.now() - since).toBeGreaterThan(1_900);
      expect(performance.now() - since).toBeLessThan(3_000);
    });

    it("does not ping a client that has just published, beyond the first time", async () => {
      const client = await open({ pingInterval: 300, maxPingsOut: 5 });
      client.send(hello());
      await client.until(() => client.count("PING") === 1);
      client.send("PONG\r\n");
      const lively = setInterval(() => client.send(pub("x", "here")), 20);
      const pinged = await client.until(() => client.count("PING") > 1, 1_000);
      clearInterval(lively);
      expect(pinged).toBe(false);
      expect(await client.until(() => client.count("PING") > 1, 2_000)).toBe(true);
    });

    it("closes a client without an error when more than maxPending waits for it", async () => {
      const slow = await open({ maxPending: 2 * megabyte, writeDeadline: 2_000 });
      slow.send(hello());
      slow.send("SUB x 1\r\n");
      await slow.fence();
      slow.pause();
      const fast = await another();
      fast.send(hello());
      const message = pub("x", "y".repeat(megabyte / 2));
      for (let i = 0; i < 40; i++) fast.send(message);
      expect(await fast.fence({ within: 25_000 })).toBe(true);
      slow.resume();
      expect(await slow.until(() => slow.closed)).toBe(true);
      expect(slow.count("-ERR")).toBe(0);
      expect(slow.count("MSG")).toBeLessThan(40);
      fast.send(pub("x", "to nobody"));
      expect(await fast.fence()).toBe(true);
    });

    it("closes a client that does not take what is sent to it within the write deadline", async () => {
      const slow = await open({ writeDeadline: 200 });
      slow.send(hello());
      slow.send("SUB x 1\r\n");
      await slow.fence();
      slow.pause();
      const fast = await another();
      fast.send(hello());
      const message = pub("x", "y".repeat(megabyte));
      for (let i = 0; i < 20; i++) fast.send(message);
      fast.send("SUB inbox 1\r\n");
      expect(await fast.fence({ within: 25_000 })).toBe(true);
      // When the slow client is gone, nobody is left to answer, and the server says so.
      const asked = performance.now();
      while (fast.count("HMSG") === 0 && performance.now() - asked < 5_000) {
        fast.send(pub("x", "anybody?", "inbox"));
        await fast.fence();
      }
      expect(fast.frames.some(({ body }) => body?.startsWith("NATS/1.0 503"))).toBe(true);
      slow.resume();
      expect(await slow.until(() => slow.closed)).toBe(true);
    });

    it("refuses a connection beyond the maximum, after INFO", async () => {
      const first = await open({ maxConnections: 1 });
      const second = await another();
      await second.until(() => second.closed);
      expect(second.frames[0]?.verb).toBe("INFO");
      expect(said(second)).toEqual(["-ERR 'maximum connections exceeded'"]);
      await first.close();
    });

    it("answers what a client sent before it ended its side of the connection", async () => {
      const client = await open({});
      client.send(`${hello()}SUB x 1\r\n${pub("x", "last")}PING\r\n`);
      client.end();
      expect(await client.until(() => client.closed)).toBe(true);
      expect(said(client)).toEqual(["MSG x 1 4", "PONG"]);
    });

    describe("in lame duck mode", () => {
      const options = { lameDuckDuration: 30_000, lameDuckGracePeriod: 300 };
      const greeted = async (client: RawClient, more = {}): Promise<RawClient> => {
        client.send(hello(more));
        await client.fence();
        return client;
      };
      const ldm = (client: RawClient): boolean => client.frames.some(({ line }) => line.includes('"ldm":true'));

      it("sends INFO to clients of protocol 1, refuses new ones, serves on for the grace period, and closes all", async () => {
        const modern = await greeted(await open(options));
        const old = await greeted(await another(), { protocol: 0 });
        const unsettled = await another();
        unsettled.send(hello());
        side?.lameDuck();
        expect(await modern.until(() => ldm(modern))).toBe(true);
        const late = await another();
        expect(late.frames).toEqual([]);
        modern.send(`SUB x 1\r\n${pub("x", "still here")}`);
        expect(await modern.fence()).toBe(true);
        expect(modern.count("MSG")).toBe(1);
        for (const client of [modern, old, unsettled]) {
          expect(await client.until(() => client.closed)).toBe(true);
          expect(client.count("-ERR")).toBe(0);
        }
        expect([modern, old, unsettled].map(ldm)).toEqual([true, false, false]);
      });
    });
  });
}
