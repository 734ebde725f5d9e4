// Kept mail: what works in the same way as for every other message, and what is its own. The faults are in test/failures.

import type { Nats } from "@muove/testkit";
import { type Bus, cast, connect, InvalidOptions, type LetterReceipt, mailbox, type Served, TooLarge } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import { until } from "../support/until.js";
import { connected, deadLettersOf, gate, openBus } from "./support/buses.js";
import { plainClient } from "./support/plain.js";

const program = natsServerThatKeepsMail();
// This file has a process of its own.
if (program !== undefined) process.env.NATS_SERVER = program;

const text = z.object({ text: z.string() });
const post = mailbox("post", {
  send: cast({ input: text, durable: true }),
  other: cast({ input: text, durable: { tries: 1 } }),
  ping: cast({ durable: true }),
});
type Post = typeof post.messages;

interface Seen {
  readonly text: string;
  readonly id: string;
  readonly attempt: number;
  readonly meta: unknown;
  readonly from: string | undefined;
  readonly sentAt: number;
  readonly sequence: number;
}

/** Describes what works alike wherever letters are stored. */
function describeOnEachStore(title: string, suite: (nats: () => Promise<Nats>) => void): void {
  describe(`on the embedded broker, ${title}`, () => suite(() => makeKit().nats({ jetStream: true })));
  describe.skipIf(program === undefined)(`[needs nats-server 2.10 or later] ${title}`, () =>
    suite(() => makeKit().nats({ on: "nats-server", jetStream: true })),
  );
}

/** Serves the mailbox, and keeps what its handler sees. */
function serve(bus: Bus, own: object = {}, options: { letters?: { concurrency: number } } = {}) {
  const seen: Seen[] = [];
  const served: Served<Post> = bus.serve(
    post,
    {
      send({ text }, { id, attempt, meta, from, sentAt, sequence }) {
        seen.push({ text, id, attempt, meta, from, sentAt, sequence });
      },
      other() {},
      ping() {},
      ...own,
    },
    options,
  );
  return { seen, served };
}

const stored = (id: unknown = expect.any(String)) => ({ status: "stored", id, duplicate: false });

/** How many letters the mailbox keeps. */
async function kept(server: { readonly port: number }): Promise<number> {
  const client = await plainClient(server);
  const { streams } = (await client.request("$JS.API.STREAM.LIST")).json<{
    streams: { config: { name: string }; state: { messages: number } }[];
  }>();
  await client.close();
  return streams.find(({ config }) => config.name.startsWith("MUOVE-MAIL_"))?.state.messages ?? 0;
}

describeOnEachStore("a letter", (nats) => {
  test.each(["msgpack", "json"] as const)(
    "in %s is stored, handled once, and its handler knows it",
    async (encoding) => {
      const server = await nats();
      const sender = await connected(server, { encoding });
      const before = Date.now();
      expect(await sender.to(post).send({ text: "a" }, { id: "order-1" })).toEqual(stored("order-1"));
      expect(await sender.to(post).send({ text: "b" })).toEqual(stored());
      expect(await sender.to(post).ping()).toEqual(stored());
      const { seen } = serve(await connected(server, { service: "post" }));
      await until("both are handled", () => seen.length === 2);
      await until("all are acknowledged", async () => (await kept(server)) === 0);
      expect(seen[0]).toMatchObject({ text: "a", id: "order-1", attempt: 1, sequence: 1 });
      expect(seen[0]?.from).toBe(`caller/${sender.status.instance}`);
      expect(seen[0]?.sentAt).toBeGreaterThanOrEqual(before - 5);
      expect(seen[0]?.sentAt).toBeLessThanOrEqual(Date.now() + 5);
      expect(sender.status.counts.stored).toBe(3);
    },
  );

  test("of one prefix is not that of another", async () => {
    const server = await nats();
    const [ours, theirs] = ["ours", "theirs.eu"].map((prefix) => {
      const bus = openBus(server, { service: "post", prefix });
      return { bus, ...serve(bus) };
    });
    if (ours === undefined || theirs === undefined) throw new Error("no buses");
    expect(await ours.bus.to(post).send({ text: "ours" })).toEqual(stored());
    expect(await theirs.bus.to(post).send({ text: "theirs" })).toEqual(stored());
    await until("both are handled", () => ours.seen.length + theirs.seen.length === 2);
    expect([ours.seen, theirs.seen].map((all) => all.map((letter) => letter.text))).toEqual([["ours"], ["theirs"]]);
  });

  test("carries metadata to its handler, also after a failure, and what the handler sends has it", async () => {
    const server = await nats();
    const meta = z.object({ tenant: z.string() });
    const owner = connect({ service: "post", servers: server.url, logger: false, meta });
    onTestFinished(() => owner.close({ timeout: 1 }));
    const tenants: unknown[] = [];
    let tries = 0;
    owner.serve(post, {
      async send({ text }, ctx) {
        if (++tries === 1) throw new Error("once");
        tenants.push(ctx.meta);
        expect(await ctx.to(post).other({ text })).toMatchObject({ status: "stored" });
      },
      other: (_, ctx) => void tenants.push(ctx.meta),
      ping() {},
    });
    const sender = connect({ service: "caller", servers: server.url, logger: false, meta });
    onTestFinished(() => sender.close({ timeout: 1 }));
    expect(
      await sender
        .within({ meta: { tenant: "acme" } })
        .to(post)
        .send({ text: "a" }),
    ).toEqual(stored());
    await until("both are handled", () => tenants.length === 2);
    expect(tenants).toEqual([{ tenant: "acme" }, { tenant: "acme" }]);
  });

  test("goes through the steps of its sender and of its owner", async () => {
    const server = await nats();
    const owner = openBus(server, { service: "post" });
    const log: string[] = [];
    owner.use({
      async handle(ctx, next) {
        log.push(`before ${ctx.kind} ${ctx.address}`);
        if ((ctx.input as { text: string }).text === "refused") ctx.refuse("not today");
        const result = await next();
        log.push("after");
        return result;
      },
    });
    const said: string[] = [];
    serve(owner, {
      other: ({ text }: { text: string }, ctx: { bury(why: string): unknown }) => ctx.bury(`no ${text}`),
    });
    const buried: string[] = [];
    owner.on("buried", ({ reason, error }) => buried.push(`${reason}: ${error}`));
    const sender = await connected(server);
    sender.use({
      send: ({ kind, address }) => ({ settled: ({ status }) => void said.push(`${kind} ${address} ${status}`) }),
    });
    await sender.to(post).send({ text: "a" });
    expect(said).toEqual(["cast post.send stored"]);
    await until("it is handled", () => log.length === 2);
    expect(log).toEqual(["before cast post.send", "after"]);
    // What a handler says of a letter passes through a step that returns it.
    await sender.to(post).other({ text: "thanks" });
    await until("it is buried", () => buried.length === 1);
    expect(buried).toEqual(["buried: no thanks"]);
    // What a step refuses is dead at once: no later try would prove more.
    await sender.to(post).send({ text: "refused" });
    await until("it is buried", () => buried.length === 2);
    expect(buried[1]).toBe("refused: not today");
    await until("nothing is kept", async () => (await kept(server)) === 0);
  });

  test("may be thrown away, put off, or buried by a handler that throws what the context makes", async () => {
    const server = await nats();
    const owner = openBus(server, { service: "post" });
    const at: number[] = [];
    const buried: unknown[] = [];
    owner.on("buried", (letter) => buried.push(letter));
    serve(owner, {
      send(_: unknown, ctx: { attempt: number; later(ms: number): unknown }) {
        at.push(performance.now());
        if (at.length === 1) throw ctx.later(1_500);
        expect(ctx.attempt).toBe(1); // Put off is not tried.
      },
      other(_: unknown, ctx: { bury(why: string): unknown }) {
        throw ctx.bury("no address");
      },
    });
    const sender = await connected(server);
    await sender.to(post).send({ text: "a" });
    await sender.to(post).other({ text: "b" }, { id: "b" });
    await until("it is buried", () => buried.length === 1);
    expect(buried).toEqual([{ address: "post.other", id: "b", reason: "buried", error: "no address", tries: 1 }]);
    await until("it came again", () => at.length === 2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(1_495);
    expect(owner.status.counts.crashed).toBe(0);
    await until("none is left", async () => (await kept(server)) === 0);
  });
});

describeOnEachStore("sending a letter", (nats) => {
  test("ends with the budget that it shares, and with the signals that it has", async () => {
    const server = await nats();
    const sender = await connected(server);
    await server.stop(); // It answers nothing.
    const begun = performance.now();
    const within = sender.within({ timeout: 300 }).to(post).send({ text: "a" });
    const [own, shared] = [new AbortController(), new AbortController()];
    const aborted = sender.to(post).send({ text: "b" }, { signal: own.signal });
    const sharing = sender.within({ signal: shared.signal }).to(post).send({ text: "c" });
    const briefly = sender.to(post).send({ text: "d" }, { timeout: 200 });
    own.abort();
    shared.abort();
    expect(await aborted).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    expect(await sharing).toMatchObject({ reason: "cancelled", delivered: "maybe" });
    expect(await briefly).toMatchObject({ reason: "timeout", delivered: "maybe" });
    expect(await within).toMatchObject({ reason: "timeout", delivered: "maybe" });
    expect(performance.now() - begun).toBeLessThan(1_000);
    const never = await sender.to(post).send({ text: "e" }, { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ reason: "cancelled", delivered: "no" });
    await server.continue();
  });

  test("LETTERS-1 what is not known to be stored is a dead letter of its sender", async () => {
    const sender = openBus({ url: "nats://127.0.0.1:1" });
    const dead = deadLettersOf(sender);
    const receipt = await sender.to(post).send({ text: "a" }, { timeout: 50, id: "a" });
    expect(receipt).toMatchObject({ status: "unavailable", reason: "unreachable", delivered: "no", id: "a" });
    expect(dead).toMatchObject([{ kind: "cast", address: "post.send", input: { text: "a" }, reason: "unreachable" }]);
  });

  test("LETTERS-2 a letter that is as large as may be can be moved and buried", async () => {
    const server = await nats();
    const owner = openBus(server, { service: "post" });
    serve(owner, {
      other() {
        throw new Error("€".repeat(512));
      },
    });
    const sender = await connected(server);
    const send = (bytes: number): Promise<LetterReceipt> => sender.to(post).other({ text: "x".repeat(bytes) });
    let [fits, tooMany] = [900_000, 1_048_576];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      try {
        const sending = send(middle);
        fits = middle;
        expect(await sending).toMatchObject({ status: "stored" });
      } catch (error) {
        expect(error).toBeInstanceOf(TooLarge);
        tooMany = middle;
      }
    }
    expect(fits).toBeGreaterThan(1_040_000);
    await until("all are buried", async () => (await kept(server)) === 0);
    expect(owner.status.counts.lettersBuried).toBe(sender.status.counts.stored);
  });

  test("while its bus closes is stored, or says that it may not be; afterwards it is not sent", async () => {
    const server = await nats();
    const sender = await connected(server);
    const sending = Array.from({ length: 500 }, (_, n) => sender.to(post).send({ text: `${n}` }));
    const closed = sender.close();
    expect(new Set((await Promise.all(sending)).map(({ status }) => status))).toEqual(new Set(["stored"]));
    await closed;
    expect(await kept(server)).toBe(500);
    const begun = performance.now();
    expect(await sender.to(post).send({ text: "late" })).toMatchObject({ reason: "unreachable", delivered: "no" });
    expect(performance.now() - begun).toBeLessThan(100);
  });

  test("to a bus that never had a connection, and closes, ends at once", async () => {
    const sender = openBus({ url: "nats://127.0.0.1:1" });
    const sending = sender.to(post).send({ text: "a" }, { timeout: 60_000 });
    await sender.close();
    expect(await sending).toMatchObject({ reason: "unreachable", delivered: "no" });
  });

  test("to an instance, to tags, by key or to everyone is refused with a reason", async () => {
    const sender = openBus({ url: "nats://127.0.0.1:1" });
    for (const to of [{ instance: "a" }, { tags: { a: "b" } }, { key: "a" }]) {
      expect(() => sender.to(post, to).send({ text: "a" })).toThrow(InvalidOptions);
      expect(() => sender.to(post, to).send({ text: "a" })).toThrow(/a durable cast goes to its mailbox/);
    }
    expect(() => (sender.toAll(post) as unknown as { ping(): unknown }).ping()).toThrow(/goes to its mailbox/);
  });

  test.each([
    ["an id with blanks", { id: "a b" }, /id must be 1 to 128 visible ASCII characters/],
    ["a negative timeout", { timeout: -1 }, /timeout must be/],
    ["an unknown option", { delay: 5 }, /"delay" is not an option/],
  ])("with %s throws an error that says so", (_, options, problem) => {
    const sender = openBus({ url: "nats://127.0.0.1:1" });
    expect(() => sender.to(post).send({ text: "a" }, options as never)).toThrow(problem);
  });
});

describeOnEachStore("a letterbox", (nats) => {
  test("LETTERBOX-1 holds no more letters than it has slots, and one for each message", async () => {
    const server = await nats();
    const sender = await connected(server);
    const sent = Array.from({ length: 200 }, (_, n) => sender.to(post).send({ text: `${n}` }));
    await Promise.all([...sent, ...Array.from({ length: 50 }, () => sender.to(post).ping())]);
    const { passed, open } = gate();
    const owner = openBus(server, { service: "post" });
    let running = 0;
    const work = async () => {
      running++;
      await passed;
    };
    serve(owner, { send: work, ping: work }, { letters: { concurrency: 4 } });
    await until("its slots are taken", () => running === 4);
    const other = openBus(server, { service: "post" });
    const { seen } = serve(other);
    // All that it does not hold are handled by the other one: it holds four, one more for each message, and no others.
    await until("the other one has the rest", async () => (await kept(server)) <= 6);
    expect(seen.length).toBeGreaterThanOrEqual(200 - 5);
    expect(owner.status.counts.received).toBeLessThanOrEqual(6);
    open();
    await until("none is left", async () => (await kept(server)) === 0);
  });

  test("LETTERBOX-2 gives back at once what it has not begun with when it closes, and finishes the rest", async () => {
    const server = await nats();
    const sender = await connected(server);
    const { passed, open } = gate();
    const owner = openBus(server, { service: "post" });
    const handled: string[] = [];
    const { served } = serve(
      owner,
      {
        async send({ text }: { text: string }) {
          await passed;
          handled.push(text);
        },
      },
      { letters: { concurrency: 1 } },
    );
    await Promise.all(["a", "b", "c"].map((text) => sender.to(post).send({ text })));
    await until("one is handled, and one waits", () => owner.status.counts.received === 2);
    const [first, second] = [served.stop(), served.stop()];
    const { seen } = serve(openBus(server, { service: "post" }));
    await until("the other one has those that it had not begun with", () => seen.length === 2, 3_000);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1]); // No try is used up.
    open();
    await Promise.all([first, second]);
    expect(handled).toHaveLength(1);
    await until("none is left", async () => (await kept(server)) === 0);
    expect(new Set([...handled, ...seen.map((letter) => letter.text)])).toEqual(new Set(["a", "b", "c"]));

    const again = serve(owner); // Served again by the same bus.
    await sender.to(post).ping();
    await until("it works again", async () => (await kept(server)) === 0);
    await again.served.stop();
  });

  test("LETTERBOX-2 gives back what was interrupted, as no try", async () => {
    const server = await nats();
    const sender = await connected(server);
    const owner = openBus(server, { service: "post" });
    let begun = 0;
    serve(owner, {
      send: async (_: unknown, { signal }: { signal: AbortSignal }) => {
        begun++;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        throw signal.reason;
      },
    });
    await sender.to(post).send({ text: "a" });
    await until("it runs", () => begun === 1);
    const closing = performance.now();
    await owner.close({ timeout: 100 });
    const { seen } = serve(openBus(server, { service: "post" }));
    await until("another one has it", () => seen.length === 1);
    expect(performance.now() - closing).toBeLessThan(3_000); // Not only after `ack_wait`.
    expect(seen[0]).toMatchObject({ text: "a", attempt: 1 });
  });

  test("LETTERBOX-2 acknowledges on the next connection what it handled while one was lost, also when it closes", async () => {
    const server = await nats();
    const path = await makeKit().proxy(server.url);
    const sender = await connected(server);
    const { passed, open } = gate();
    const owner = openBus(path, { service: "post" });
    serve(owner, { send: () => passed });
    await sender.to(post).send({ text: "a" });
    await until("it runs", () => owner.status.counts.received === 1);
    await path.refuse();
    await until("the connection is lost", () => owner.status.connection.state !== "up");
    open();
    await until("it is handled", () => owner.status.counts.lettersHandled === 1);
    const closed = owner.close();
    await path.heal();
    await closed;
    expect(await kept(server)).toBe(0);
  });

  test("beside another one in the same process keeps to its own letters", async () => {
    const server = await nats();
    const second = mailbox("second", { send: cast({ input: text, durable: true }) });
    const bus = openBus(server, { service: "post" });
    const { seen } = serve(bus);
    const others: string[] = [];
    bus.serve(second, { send: ({ text }) => void others.push(text) });
    const texts = Array.from({ length: 50 }, (_, n) => `${n}`);
    await Promise.all(
      texts.flatMap((text) => [bus.to(post).send({ text: `p${text}` }), bus.to(second).send({ text: `s${text}` })]),
    );
    await until("all are handled", () => seen.length + others.length === 100);
    expect(seen.every((letter) => letter.text.startsWith("p"))).toBe(true);
    expect(others.every((text) => text.startsWith("s"))).toBe(true);
  });

  test("also takes a plain cast, of a sender whose contract does not say durable", async () => {
    const server = await nats();
    const owner = openBus(server, { service: "post" });
    const ends: string[] = [];
    const { seen } = serve(owner, {
      other(_: unknown, ctx: { bury(why: string): unknown }) {
        ends.push("buried");
        return ctx.bury("why");
      },
    });
    await until("it is open", () => owner.status.mailboxes[0]?.state === "open");
    const before = mailbox("post", { send: cast({ input: text }), other: cast({ input: text }), ping: cast() });
    const sender = await connected(server);
    expect(sender.to(before).send({ text: "plain" })).toMatchObject({ status: "sent" });
    sender.to(before).other({ text: "plain" });
    await until("it is handled", () => seen.length === 1 && ends.length === 1);
    expect(seen[0]).toMatchObject({ text: "plain", attempt: 1, sequence: 0, id: expect.stringMatching(/^\S{20,}$/) });
    expect(owner.status.counts).toMatchObject({ lettersHandled: 0, lettersBuried: 0, crashed: 0 });
  });
});

describe.skipIf(program === undefined)("[needs nats-server 2.10 or later] a letterbox", () => {
  test("handles its letters once when its NATS server goes into lame duck mode", { timeout: 60_000 }, async () => {
    const config = { lameDuckDuration: 30_000, lameDuckGracePeriod: 5_000 };
    const servers = await makeKit().cluster({ size: 3, jetStream: true, config });
    const [leaving, staying] = servers;
    if (leaving === undefined || staying === undefined) throw new Error("no cluster");
    const replicated = mailbox("post", post.messages, { mail: { replicas: 3 } });
    const owner = await connected(leaving, { service: "post" });
    const handled = new Map<string, number>();
    const { passed, open } = gate();
    owner.serve(
      replicated,
      {
        async send({ text }) {
          if (text === "long") await passed;
          handled.set(text, (handled.get(text) ?? 0) + 1);
        },
        other() {},
        ping() {},
      },
      { letters: { concurrency: 8 } },
    );
    const sender = await connected(staying);
    const send = (text: string) => sender.to(replicated).send({ text }, { timeout: 10_000 });
    await until("letters are kept", async () => (await send("long")).status === "stored", 20_000);
    for (let n = 0; n < 200; n++) expect(await send(`before ${n}`)).toMatchObject({ status: "stored" });
    await leaving.lameDuck();
    for (let n = 0; n < 200; n++) expect(await send(`meanwhile ${n}`)).toMatchObject({ status: "stored" });
    await until("it has moved", () => owner.status.connection.server !== leaving.url.slice("nats://".length), 10_000);
    for (let n = 0; n < 200; n++) expect(await send(`after ${n}`)).toMatchObject({ status: "stored" });
    open();
    await until("all are handled", () => handled.size === 601, 20_000);
    expect([...handled].filter(([, times]) => times > 1)).toEqual([]);
    expect(owner.status.counts.lettersLost).toBe(0);
  });
});
