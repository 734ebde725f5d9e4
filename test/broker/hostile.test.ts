// Clients that harm the embedded broker, on purpose or not. It runs in the process that started it, so none of them may
// block it, exhaust its memory or end it.

import type { BrokerOptions } from "@muove/broker";
import { afterEach, describe, expect, it } from "vitest";
import { RawClient } from "../support/raw-client.js";
import { BrokerProcess } from "./broker-process.js";
import { hello, pub } from "./scripts/say.js";

const megabyte = 1_048_576;
const longTimeout = 25_000;

describe("the broker under attack", () => {
  let broker: BrokerProcess | undefined;
  afterEach(() => broker?.stop());

  const start = async (options: BrokerOptions = {}): Promise<BrokerProcess> => {
    broker = await BrokerProcess.start(options);
    return broker;
  };
  const client = async ({ port }: BrokerProcess, more: Record<string, unknown> = {}): Promise<RawClient> => {
    const opened = await RawClient.open(port);
    opened.send(hello(more));
    return opened;
  };
  /** Sends many operations and waits until the broker has handled the last one. */
  const say = async (from: RawClient, count: number, operation: (i: number) => string): Promise<void> => {
    for (let i = 0; i < count; i += 1_000) {
      const some = Array.from({ length: Math.min(1_000, count - i) }, (_, k) => operation(i + k));
      expect(await from.fence({ after: some.join(""), within: longTimeout })).toBe(true);
      if (from.closed) return;
    }
  };
  const served = async (attacked: BrokerProcess): Promise<boolean> => {
    const good = await client(attacked);
    good.send(`SUB good 1\r\n${pub("good", "still here")}`);
    await good.fence();
    return good.count("MSG") === 1;
  };
  const grown = async (attacked: BrokerProcess, attack: () => Promise<void>): Promise<number> => {
    const { rss } = await attacked.taken();
    await attack();
    return ((await attacked.taken()).rss - rss) / megabyte;
  };

  it("delivers one message to 150,000 subscriptions to one subject", async () => {
    const attacked = await start();
    const clients = [await client(attacked), await client(attacked)];
    for (const each of clients) await say(each, 75_000, (i) => `SUB x ${i}\r\n`);
    clients[0]?.send(pub("x", ""));
    for (const each of clients) expect(await each.until(() => each.count("MSG") === 75_000, longTimeout)).toBe(true);
    expect(attacked.alive).toBe(true);
  });

  it("subscribes, delivers and unsubscribes a subject of 20,000 tokens, where the line limit allows it", async () => {
    const attacked = await start({ maxControlLine: megabyte });
    const attacker = await client(attacked);
    const long = Array(20_000).fill("a").join(".");
    attacker.send(`SUB ${long} 1\r\n${pub(long, "hi")}UNSUB 1\r\n`);
    await attacker.fence();
    expect(attacker.count("MSG")).toBe(1);
    expect((await attacked.taken()).stats.subscriptions).toBe(0);
  });

  it("stays about as fast under allow_responses when nobody replies, and permits a reply to the latest request", async () => {
    const users = [
      { user: "free", pass: "x" },
      { user: "bound", pass: "x", permissions: { allowResponses: true } },
    ];
    const attacked = await start({ auth: { users } });
    const asker = await client(attacked, { user: "free", pass: "x" });
    const ask = async (user: string): Promise<number> => {
      const silent = await client(attacked, { user, pass: "x" });
      await say(silent, 1, () => `SUB ask.${user} 1\r\n`);
      const { cpu } = await attacked.taken();
      await say(asker, 60_000, (i) => pub(`ask.${user}`, "", `reply.${i}`));
      expect(await silent.until(() => silent.count("MSG") === 60_000, longTimeout)).toBe(true);
      await say(asker, 1, () => "SUB reply.* 1\r\n");
      await say(silent, 1, () => pub("reply.59999", "here"));
      await asker.fence();
      await say(asker, 1, () => "UNSUB 1\r\n");
      return (await attacked.taken()).cpu - cpu;
    };
    const free = await ask("free");
    expect(await ask("bound")).toBeLessThan(5 * free);
    expect(asker.count("MSG")).toBe(2);
  });

  it("bounds the memory of its cache of matches", async () => {
    const attacked = await start();
    // With echo off, a connection's own messages are matched but not delivered.
    const attacker = await client(attacked, { echo: false });
    await say(attacker, 20_000, (i) => `SUB > ${i}\r\n`);
    const more = await grown(attacked, () => say(attacker, 2_500, (i) => pub(`x${i}`, "")));
    expect(more).toBeLessThan(150);
    expect(await served(attacked)).toBe(true);
  });

  it("bounds the memory of its cache of permissions, however long the subjects are", async () => {
    const attacked = await start({ permissions: { publish: { allow: ["good", "x.>"], deny: ["y"] } } });
    const attackers = await Promise.all(Array.from({ length: 14 }, () => client(attacked)));
    const tail = "y".repeat(4_000);
    const more = await grown(attacked, async () => {
      for (const each of attackers) await say(each, 3_800, (i) => pub(`x.${i}.${tail}`, ""));
    });
    expect(more).toBeLessThan(150);
    expect(await served(attacked)).toBe(true);
  });

  it("bounds what it holds for all clients that do not read, and closes slow consumers", async () => {
    const attacked = await start({ maxHeld: 32 * megabyte });
    const lazy = await Promise.all(Array.from({ length: 30 }, () => client(attacked)));
    for (const each of lazy) await say(each, 1, () => "SUB x 1\r\n");
    for (const each of lazy) each.pause();
    const fast = await client(attacked);
    const message = pub("x", "y".repeat(8_000));
    const more = await grown(attacked, () => say(fast, 3_000, () => message));
    expect(more).toBeLessThan(150);
    expect((await attacked.taken()).stats.slowConsumers).toBeGreaterThan(0);
    expect(await served(attacked)).toBe(true);
  });

  it("counts a large payload once, however many readers it goes to", async () => {
    const attacked = await start({ maxHeld: 8 * megabyte });
    const readers = await Promise.all(Array.from({ length: 30 }, () => client(attacked)));
    for (const each of readers) await say(each, 1, () => "SUB x 1\r\n");
    await say(readers[0] as RawClient, 1, () => pub("x", "y".repeat(megabyte)));
    for (const each of readers) expect(await each.until(() => each.count("MSG") === 1)).toBe(true);
    expect((await attacked.taken()).stats).toMatchObject({ slowConsumers: 0, connections: 30 });
  });

  it.each([
    ["pings", {}, "PING\r\n"],
    ["publishes in verbose mode", { verbose: true }, pub("x", "")],
    ["publishes to a forbidden subject", {}, pub(`no.${"\xff".repeat(1_000)}`, "")],
  ])("closes a client that %s and does not read", async (_does, more, operation) => {
    const attacked = await start({ maxPending: megabyte, permissions: { publish: { deny: ["no.>"] } } });
    const attacker = await client(attacked, more);
    attacker.pause();
    const many = operation.repeat(Math.ceil(megabyte / operation.length));
    for (let i = 0; i < 20; i++) attacker.send(many);
    await expect.poll(async () => (await attacked.taken()).stats.slowConsumers, { timeout: longTimeout }).toBe(1);
    expect(await served(attacked)).toBe(true);
  });

  it("closes clients whose unfinished messages would exceed the bound", async () => {
    const attacked = await start({ maxHeld: 16 * megabyte });
    const attackers = await Promise.all(Array.from({ length: 60 }, () => client(attacked)));
    for (const each of attackers) each.send(`PUB x ${megabyte}\r\n${"y".repeat(megabyte - 1)}`);
    await expect
      .poll(async () => (await attacked.taken()).stats.connections, { timeout: longTimeout })
      .toBeLessThan(20);
    expect(await served(attacked)).toBe(true);
  });

  it("bounds the memory of subscriptions, which grows with the tokens of their subjects", async () => {
    const attacked = await start({ maxSubscriptionMemory: 32 * megabyte });
    const attacker = await client(attacked);
    const deep = ".a".repeat(1_990);
    const more = await grown(attacked, () => say(attacker, 3_000, (i) => `SUB x${i}${deep} ${i}\r\n`));
    expect(more).toBeLessThan(150);
    expect(attacker.frames.at(-2)?.line).toBe("-ERR 'maximum subscriptions exceeded'");
    attacker.end();
    await attacker.until(() => attacker.closed);
    expect(await served(attacked)).toBe(true);
  });

  it("refuses subscriptions beyond a connection's maximum, as nats-server does", async () => {
    const attacked = await start({ maxSubscriptions: 2 });
    const attacker = await client(attacked);
    await say(attacker, 1, () => "SUB a 1\r\nSUB b 1\r\nSUB b 2\r\nSUB c 1\r\nSUB a..b 3\r\nUNSUB 1\r\nSUB c 3\r\n");
    const refused = "-ERR 'maximum subscriptions exceeded'";
    expect(attacker.frames.slice(1).map(({ line }) => line)).toEqual([refused, refused, "PONG"]);
    expect((await attacked.taken()).stats.subscriptions).toBe(2);
  });
});
