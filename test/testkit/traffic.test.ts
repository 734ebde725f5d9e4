import { eventually, findNatsServer, hostileKinds, type NatsOptions } from "@muove/testkit";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeKit } from "../support/kit.js";

const kinds = [
  { on: "embedded", run: true, title: "the embedded broker" },
  { on: "nats-server", run: findNatsServer() !== undefined, title: "[needs nats-server] nats-server" },
] as const;

/** Subscribes to `a.>`, and returns the messages as they come. */
async function listen(url: string) {
  const connection: NatsConnection = await connect({ servers: url, reconnect: false });
  onTestFinished(() => connection.close());
  const got: { subject: string; text: string; reply: string | undefined }[] = [];
  connection.subscribe("a.>", {
    callback: (_error, { subject, data, reply }) => {
      got.push({ subject, text: Buffer.from(data).toString("latin1"), reply });
    },
  });
  await connection.flush();
  return got;
}

describe.each(kinds)("on $title", ({ on, run }) => {
  describe.skipIf(!run)("", () => {
    const setup = async (options: object = {}) => {
      const kit = makeKit();
      const nats = await kit.nats({ on, ...options } as NatsOptions);
      return { kit, nats, url: nats.url };
    };

    it("a flood sends the given number of messages, each made from its index", async () => {
      const { kit, url } = await setup();
      const got = await listen(url);
      const flooded = await kit.flood({ url, subject: (i) => `a.${i % 2}`, make: String, count: 3_000, reply: "r" });
      expect(flooded).toMatchObject({ sent: 3_000, ended: "count" });
      await eventually(() => got.length === 3_000);
      expect(
        got.every(({ subject, text, reply }, i) => subject === `a.${i % 2}` && text === `${i}` && reply === "r"),
      ).toBe(true);
    });

    it("a flood keeps to its rate and its duration", async () => {
      const { kit, url } = await setup();
      const got = await listen(url);
      const { sent, ms, ended } = await kit.flood({ url, subject: "a.b", payload: "x", rate: 1_000, during: 500 });
      expect(ended).toBe("time");
      expect(ms).toBeGreaterThanOrEqual(499);
      expect(sent).toBeLessThanOrEqual(1 + ms);
      expect(sent).toBeGreaterThan(100);
      await eventually(() => got.length === sent);
    });

    it("a flood ends when its signal aborts, and when NATS ends", async () => {
      const { kit, nats, url } = await setup();
      const got = await listen(url);
      const stop = new AbortController();
      const stopped = kit.flood({ url, subject: "a.b", during: 60_000, signal: stop.signal });
      await eventually(() => got.length > 0);
      stop.abort();
      expect(await stopped).toMatchObject({ ended: "stopped" });
      const cut = kit.flood({ url, subject: "a.c", during: 60_000 });
      await eventually(() => got.at(-1)?.subject === "a.c"); // The rest of the first flood may still come.
      await nats.kill();
      expect(await cut).toMatchObject({ ended: "disconnected" });
    });

    it("garbage() sends every kind of hostile message, the same ones for the same seed", async () => {
      const { kit, url } = await setup();
      const got = await listen(url);
      const count = hostileKinds.length * 5;
      const sent = await kit.garbage({ url, subject: "a.b", seed: 7, count, reply: "r" });
      expect(sent).toEqual({ total: count, ...Object.fromEntries(hostileKinds.map((kind) => [kind, 5])) });
      await eventually(() => got.length === count);
      await kit.garbage({ url, subject: "a.b", seed: 7, count, reply: "r" });
      await eventually(() => got.length === 2 * count);
      expect(got.slice(count)).toEqual(got.slice(0, count));
    });

    it("credentials are taken from the URL", async () => {
      const users = [{ user: "u", pass: "p" }];
      const { kit, url } = await setup({ config: { auth: { users } } });
      const known = url.replace("//", "//u:p@");
      expect(await kit.flood({ url: known, subject: "a", count: 1 })).toMatchObject({ sent: 1 });
      expect(await kit.garbage({ url: known, subject: "a", count: 1 })).toMatchObject({ total: 1 });
      const refused = { code: "MUOVE_TESTKIT_NOT_RUNNING" };
      await expect(kit.flood({ url, subject: "a" })).rejects.toMatchObject(refused);
      await expect(kit.garbage({ url, subject: "a" })).rejects.toMatchObject(refused);
    });
  });
});

it("the options of flood() and garbage() are checked", async () => {
  const kit = makeKit();
  const wrong = { code: "MUOVE_TESTKIT_INVALID_OPTIONS" };
  const url = "nats://127.0.0.1:1";
  await expect(kit.flood({ url, subject: "a.*" })).rejects.toMatchObject(wrong);
  await expect(kit.flood({ url, subject: "a", payload: "", make: String })).rejects.toThrow("exclude each other");
  await expect(kit.flood({} as never)).rejects.toThrow(/url is missing[\s\S]*subject is missing/);
  await expect(kit.garbage({ url, subject: "a", kinds: ["nice" as "random"] })).rejects.toThrow("kinds must be one or");
  await expect(kit.garbage({ url, subject: "a", count: 1 })).rejects.toMatchObject({
    code: "MUOVE_TESTKIT_NOT_RUNNING",
  });
});
