// Dead letters, for those who operate a mailbox: listed, read, sent again, dropped.

import { eventually } from "@muove/testkit";
import { type Bus, call, cast, connect, InvalidOptions, mailbox } from "muove";
import { expect, test } from "vitest";
import { z } from "zod";
import { handlers, letters } from "./support/contract.js";
import { describeMail, jetStream, join } from "./support/jetstream.js";

interface Seen {
  readonly text: string;
  readonly id: string;
  readonly attempt: number;
  readonly sentAt: number;
}

/** An owner that fails as long as it is told to. */
async function failing(nats: Awaited<ReturnType<typeof jetStream>>) {
  const owner = await join(nats, "letters");
  const seen: Seen[] = [];
  const state = { broken: true };
  const handle = ({ text }: { readonly text: string }, { id, attempt, sentAt }: Omit<Seen, "text">) => {
    seen.push({ text, id, attempt, sentAt });
    if (state.broken) throw new Error(`no paper for ${text}`);
  };
  owner.serve(
    letters,
    handlers({ post: handle, print: (input, ctx) => (input.text === "no" ? ctx.bury("no text") : handle(input, ctx)) }),
  );
  return { owner, seen, state };
}

async function buried(bus: Bus, count: number): Promise<void> {
  await eventually(() => bus.status.counts.lettersBuried === count, { within: 10_000 });
}

describeMail("dead letters", () => {
  test("are listed in pages, by message and by reason, and each is read with its input", async () => {
    const nats = await jetStream();
    const { owner } = await failing(nats);
    const sender = await join(nats, "sender");
    const began = Date.now();
    for (let n = 0; n < 5; n++) await sender.to(letters).post({ text: `post ${n}` }, { id: `id-${n}` });
    await buried(owner, 5);
    await sender.to(letters).print({ text: "no" });
    await buried(owner, 6);

    const { dead } = sender.mail(letters);
    const first = await dead.list({ limit: 4 });
    expect(first.letters).toHaveLength(4);
    const second = await dead.list({ limit: 4, after: first.next });
    expect([...first.letters, ...second.letters].map(({ message }) => message).sort()).toEqual([
      "post",
      "post",
      "post",
      "post",
      "post",
      "print",
    ]);
    expect(second.next).toBeUndefined();
    expect((await dead.list({ reason: "buried" })).letters).toMatchObject([{ message: "print", error: "no text" }]);
    expect((await dead.list({ message: "print" })).letters).toHaveLength(1);
    expect((await dead.list({ before: began - 60_000 })).letters).toEqual([]);

    const one = first.letters.find(({ id }) => id === "id-0");
    expect(one).toMatchObject({ reason: "failed", tries: 1, revivals: 0, error: "Error: no paper for post 0" });
    const read = await dead.get(one?.sequence ?? 0);
    expect(read).toMatchObject({ ...one, input: { text: "post 0" }, problem: undefined });
    expect(read?.from).toBe(`sender/${sender.status.instance}`);
    for (const at of [read?.sentAt, read?.firstTriedAt, read?.diedAt])
      expect(Math.abs((at ?? 0) - began)).toBeLessThan(10_000);
    expect(await dead.get(4_711)).toBeUndefined();
  });

  test("are sent again under their id, with new tries, and leave the dead only then", async () => {
    const nats = await jetStream();
    const { owner, seen, state } = await failing(nats);
    const sender = await join(nats, "sender");
    await sender.to(letters).post({ text: "a bill" }, { id: "bill-1" });
    await buried(owner, 1);
    const { dead } = owner.mail(letters);

    // It dies again under another revival, so that it is not swallowed as the same dead letter.
    for (const revivals of [0, 1, 2]) {
      const [letter] = (await dead.list()).letters;
      expect(letter).toMatchObject({ id: "bill-1", revivals, tries: 1 });
      if (revivals === 2) state.broken = false;
      expect(await dead.resend(letter?.sequence ?? 0)).toEqual({ status: "stored", id: "bill-1", duplicate: false });
      if (revivals < 2) await buried(owner, revivals + 2);
    }
    await eventually(() => owner.status.counts.lettersHandled === 1);
    expect((await dead.list()).letters).toEqual([]);
    expect(seen.map(({ id, attempt }) => [id, attempt])).toEqual(Array(4).fill(["bill-1", 1]));
    expect(new Set(seen.map(({ sentAt }) => sentAt)).size).toBe(1);
    await expect(dead.resend(1)).rejects.toMatchObject({ code: "MUOVE_MAIL", reason: "not-found" });
  });

  test("are sent again all together, at a pace, and those that die meanwhile are not sent twice", async () => {
    const nats = await jetStream();
    const { owner, seen } = await failing(nats);
    const sender = await join(nats, "sender");
    const send = sender.to(letters);
    for (let n = 0; n < 20; n++) await send.post({ text: `post ${n}` });
    await send.print({ text: "another" });
    await buried(owner, 21);

    const began = performance.now();
    expect(await sender.mail(letters).dead.resendAll({ message: "post" }, { perSecond: 40 })).toEqual({
      resent: 20,
      stopped: undefined,
    });
    expect(performance.now() - began).toBeGreaterThan(450);
    await buried(owner, 41);
    expect(seen).toHaveLength(41);
    expect((await owner.mail(letters).info()).messages).toMatchObject({ post: { dead: 20 }, print: { dead: 1 } });
  });

  test("stop being sent again with the first that finds no room, which stays dead", async () => {
    const nats = await jetStream();
    const { owner } = await failing(nats);
    const sender = await join(nats, "sender");
    await sender.to(letters).post({ text: "x".repeat(5_000) });
    await buried(owner, 1);
    await owner.mail(letters).pause("print");
    await eventually(() => owner.status.mailboxes[0]?.letters?.kept?.messages.print?.paused === true, {
      within: 6_000,
    });
    const filler = { text: "x".repeat(900_000) };
    while ((await sender.to(letters).print(filler)).status === "stored");
    while ((await sender.to(letters).print({ text: "x".repeat(500) })).status === "stored");
    const all = await sender.mail(letters).dead.resendAll({});
    expect(all).toMatchObject({ resent: 0, stopped: { reason: "overloaded", delivered: "no" } });
    expect((await sender.mail(letters).dead.list()).letters).toHaveLength(1);
  });

  test("are dropped one by one, or those that match", async () => {
    const nats = await jetStream();
    const { owner } = await failing(nats);
    const sender = await join(nats, "sender");
    for (let n = 0; n < 3; n++) await sender.to(letters).post({ text: "x" });
    await sender.to(letters).print({ text: "x" });
    await buried(owner, 4);
    const { dead } = sender.mail(letters);
    const [first] = (await dead.list()).letters;
    expect(await dead.drop(first?.sequence ?? 0)).toBe(true);
    expect(await dead.drop(first?.sequence ?? 0)).toBe(false);
    expect(await dead.dropAll({ message: "post" })).toBe(first?.message === "post" ? 2 : 3);
    expect((await dead.list()).letters.every((letter) => letter.message === "print")).toBe(true);
  });

  test("of another contract are read as bytes, with what is wrong", async () => {
    const nats = await jetStream();
    const { owner } = await failing(nats);
    const plain = await join(nats, "sender", { encoding: "json" });
    await plain.to(letters).post({ text: "x" });
    await buried(owner, 1);
    const newer = mailbox(
      "letters",
      { post: cast({ input: z.object({ page: z.number() }), durable: true }) },
      { mail: { maxBytes: 8 * 1_048_576 } },
    );
    const read = await plain.mail(newer).dead.get(1);
    expect(read?.input).toBeUndefined();
    expect(read?.problem).toContain("page");
    expect(Buffer.from(read?.payload ?? []).toString()).toBe('{"text":"x"}');
  });
});

test("wrong options of dead letters are one error with all problems, before anything is asked", async () => {
  await using bus = connect({ service: "x", servers: "127.0.0.1:1", logger: false });
  const { dead } = bus.mail(letters);
  const wrong = { message: "ring", reason: "old", limit: 300, more: 1 } as never;
  await expect(dead.list(wrong)).rejects.toThrow(/message must be.*\n.*reason must be.*\n.*limit must be.*\n.*"more"/);
  await expect(dead.resend(-1)).rejects.toBeInstanceOf(InvalidOptions);
  expect(() => bus.mail(mailbox("plain", { ask: call({}) }))).toThrow("it has no durable messages");
  await expect(dead.list()).rejects.toMatchObject({ name: "MailError", reason: "unreachable" });
});
