// What an operator sees of kept mail, and how it pauses it.

import { eventually } from "@muove/testkit";
import { type Bus, connect, type LetterFigures, mailbox } from "muove";
import { expect, onTestFinished, test } from "vitest";
import { gate } from "../conformance/support/buses.js";
import { plainClient } from "../conformance/support/plain.js";
import { handlers, letters } from "./support/contract.js";
import { describeMail, jetStream, join } from "./support/jetstream.js";

/** Owners read what an operator says every 4 s. */
const soon = { within: 6_000 };

const kept = (bus: Bus) => bus.status.mailboxes[0]?.letters?.kept;

describeMail("operating kept mail", () => {
  test("the figures say what waits, is in work, is put aside and is dead, in the status, in STATS and by info()", async () => {
    const nats = await jetStream();
    const owner = await join(nats, "letters");
    const held = gate();
    onTestFinished(held.open);
    const slow = mailbox("letters", { ...letters.messages }, { mail: { maxBytes: 8 * 1_048_576 } });
    owner.serve(
      slow,
      handlers({
        post: async () => await held.passed,
        print: ({ text }, ctx) => (text === "later" ? ctx.later(600_000) : ctx.bury("no text")),
      }),
      { letters: { concurrency: 2 } },
    );
    const sender = await join(nats, "sender");
    await sender.to(letters).print({ text: "dead" });
    await sender.to(letters).print({ text: "later" });
    await eventually(() => owner.status.counts.lettersBuried + owner.status.counts.lettersPutAside === 2);
    for (let n = 0; n < 6; n++) await sender.to(letters).post({ text: `${n}` });

    // Two are in work, and one or two more are in hand here, which the server cannot tell from those.
    const print = { waiting: 0, inWork: 0, putAside: 1, dead: 1, paused: false };
    const all = (figures: LetterFigures | undefined): number =>
      (figures?.messages.post?.waiting ?? 0) + (figures?.messages.post?.inWork ?? 0);
    let info = await sender.mail(letters).info();
    await eventually(async () => {
      info = await sender.mail(letters).info();
      return all(info) === 6 && (info.messages.post?.inWork ?? 0) > 1;
    });
    expect(info.messages.post?.waiting).toBeGreaterThan(0);
    expect(info.messages.print).toEqual(print);
    expect(info.oldest).toBeGreaterThan(0);
    expect(info.oldest).toBeLessThan(30_000);
    expect(Math.abs(info.at - Date.now())).toBeLessThan(5_000);

    await eventually(() => all(kept(owner)) === 6, soon);
    expect(kept(owner)?.messages.print).toEqual(print);
    expect(owner.status.mailboxes[0]?.letters).toMatchObject({ running: 2 });
    const client = await plainClient(nats);
    const { endpoints } = (await client.request("$SRV.STATS.letters")).json<{
      endpoints: { name: string; data: object }[];
    }>();
    expect(endpoints.find(({ name }) => name === "post")?.data).toMatchObject({ letters: kept(owner)?.messages.post });
    expect(endpoints.find(({ name }) => name === "ring")?.data).not.toHaveProperty("letters");
    const described = (await client.request("$SRV.INFO.letters")).json<{
      endpoints: { name: string; metadata: object }[];
    }>();
    expect(described.endpoints.find(({ name }) => name === "post")?.metadata).toMatchObject({
      "muove.durable": "tries=1",
    });
  });

  test("a paused message waits at all instances, those that start later too, and goes on when it is resumed", async () => {
    const nats = await jetStream();
    const posted: string[] = [];
    const serve = async () => {
      const bus = await join(nats, "letters");
      bus.serve(
        letters,
        handlers({ post: ({ text }) => void posted.push(text), print: ({ text }) => void posted.push(text) }),
      );
      return bus;
    };
    const owners = [await serve(), await serve()];
    const operator = await join(nats, "operator");
    const { post, print } = operator.to(letters);
    await post({ text: "first" });
    await eventually(() => posted.length === 1);
    const mail = operator.mail(letters);
    await mail.pause("post");
    await eventually(() => owners.every((owner) => kept(owner)?.messages.post?.paused), soon);
    owners.push(await serve());
    for (let n = 0; n < 50; n++) await post({ text: `${n}` });
    await print({ text: "other" });
    await eventually(() => posted.includes("other"));
    await eventually(async () => (await mail.info()).messages.post?.waiting === 50);
    await eventually(() => kept(owners[2] as Bus)?.messages.post?.waiting === 50, soon);
    expect(posted).toEqual(["first", "other"]);

    await mail.resume("post");
    await eventually(() => posted.length === 52, { within: 10_000 });
    expect(new Set(posted).size).toBe(52);
    expect((await mail.info()).messages.post).toMatchObject({ paused: false });
  });

  test("one letter that waits is read, and stays where it is", async () => {
    const nats = await jetStream();
    const sender = await join(nats, "sender");
    const { post, print } = sender.to(letters);
    await post({ text: "a" }, { id: "a" });
    await print({ text: "b" }, { id: "b" });
    await post({ text: "c" }, { id: "c" });
    const mail = sender.mail(letters);
    const first = await mail.peek("post");
    expect(first).toMatchObject({
      id: "a",
      input: { text: "a" },
      state: "waiting",
      failures: 0,
      sequence: 1,
      dueAt: undefined,
    });
    expect(await mail.peek("post", first?.sequence)).toMatchObject({ id: "c", sequence: 3 });
    expect(await mail.peek("post", 3)).toBeUndefined();

    const owner = await join(nats, "letters");
    owner.serve(letters, handlers({ print: (_, ctx) => ctx.later(600_000) }));
    await eventually(() => owner.status.counts.lettersPutAside === 1);
    await eventually(async () => (await mail.peek("print"))?.state === "put-aside");
    const aside = await mail.peek("print");
    expect(aside?.dueAt).toBeGreaterThan(Date.now() + 500_000);
    await expect(mail.peek("ring" as never)).rejects.toThrow("has no durable message");
  });

  test("health warns of mail that one server keeps, and of a stream that is not as its contract says", async () => {
    const nats = await jetStream();
    const sender = await join(nats, "sender");
    const other = mailbox("letters", letters.messages, { mail: { maxBytes: 4 * 1_048_576 } });
    await sender.to(other).post({ text: "x" });
    const owner = await join(nats, "letters");
    owner.serve(letters, handlers());
    await eventually(() => owner.status.counts.lettersHandled === 1);
    expect(owner.health).toMatchObject({ live: true, ready: true, degraded: false });
    expect(owner.health.warnings).toEqual([
      "the letters of letters are only in one server's disk",
      expect.stringMatching(
        /^the letters of letters: max_bytes of MUOVE-MAIL_letters_\w{8} is not as its contract says$/,
      ),
    ]);
  });

  test("figures are asked for every 4 s, and not by a bus that serves no letters", async () => {
    const nats = await jetStream();
    const client = await plainClient(nats);
    let asked = 0;
    const subscription = client.subscribe("$JS.API.STREAM.INFO.>", { callback: () => void asked++ });
    await client.flush();
    const sender = await join(nats, "sender");
    await sender.to(letters).post({ text: "x" });
    expect(asked).toBeLessThanOrEqual(1);
    const owner = await join(nats, "letters");
    owner.serve(letters, handlers());
    await eventually(() => kept(owner) !== undefined);
    const before = asked;
    const first = kept(owner)?.at ?? 0;
    await eventually(() => (kept(owner)?.at ?? 0) > first, { within: 8_000 });
    expect((kept(owner)?.at ?? 0) - first).toBeGreaterThan(3_500);
    expect(asked - before).toBe(2);
    await owner.close();
    subscription.unsubscribe();
  });
});

test("without a connection an operator is told so", async () => {
  await using bus = connect({ service: "operator", servers: "127.0.0.1:1", logger: false });
  const mail = bus.mail(letters);
  for (const ask of [mail.info(), mail.pause("post"), mail.peek("post")])
    await expect(ask).rejects.toMatchObject({ reason: "unreachable" });
});
