// The permissions in docs/mail.md: each user's suffice for what it does, each is needed, and nobody gets more.

import { eventually, type Nats } from "@muove/testkit";
import { type Bus, provisionMail } from "muove";
import { expect, test } from "vitest";
import { type GuideUser, mailUsers, toUser } from "../support/guide-conf.js";
import { Peer } from "../threats/support/peer.js";
import { handlers, letters } from "./support/contract.js";
import { describeMail, jetStream, join } from "./support/jetstream.js";

/** Someone who may only do what every service may. */
const stranger: GuideUser = {
  user: "stranger",
  pass: "secret-4",
  subscribe: ["_INBOX_muove.stranger.>"],
  publish: ["_INBOX_muove.>", "_INBOX.>"],
};

class MailSystem {
  readonly nats: Nats;
  /** What NATS refused, by user. */
  readonly forbidden: string[] = [];
  readonly #users: readonly GuideUser[];

  static async start(users: readonly GuideUser[] = mailUsers()): Promise<MailSystem> {
    const all = [...users, stranger];
    return new MailSystem(await jetStream({ auth: { users: all.map(toUser) } }), all);
  }

  private constructor(nats: Nats, users: readonly GuideUser[]) {
    this.nats = nats;
    this.#users = users;
  }

  async bus(name: string): Promise<Bus> {
    const bus = await join(this.nats, name, { credentials: this.#credentials(name) });
    bus.on("forbidden", ({ operation, subject }) => this.forbidden.push(`${name} ${operation} ${subject}`));
    return bus;
  }

  /** A raw connection. */
  peer(name: string): Promise<Peer> {
    return Peer.open(this.nats.port, this.#credentials(name));
  }

  #credentials(name: string) {
    const { user, pass } = this.#users.find(({ user }) => user === name) as GuideUser;
    return { user, pass };
  }
}

/** Does all that the users do, in turn. Returns what does not work. @param until what is enough to know. */
async function failures(system: MailSystem, until?: string): Promise<string[]> {
  const failed: string[] = [];
  const check = async (name: string, holds: () => unknown): Promise<void> => {
    if (until !== undefined && failed.includes(until)) return;
    const held = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    if (held === false) failed.push(name);
  };
  const soon = (condition: () => unknown) => eventually(condition, { within: 2_000 }).then(() => true);

  const operator = await system.bus("operator");
  const mail = operator.mail(letters);
  await check("provision", async () => (await provisionMail(operator, [letters]))[0]?.complete);
  await check("figures", async () => (await mail.info()).messages.post !== undefined);

  const [clinic, owner] = [await system.bus("clinic"), await system.bus("letters")];
  let broken = true;
  const attempts: number[] = [];
  owner.serve(
    letters,
    handlers({
      post: (_, { attempt }) => {
        attempts.push(attempt);
        if (broken) throw new Error("no paper");
      },
      print: (_, ctx) => (attempts.length === 0 ? ctx.later(1_000) : undefined),
    }),
  );
  const { post, print } = clinic.to(letters);
  await check("send", async () => (await print({ text: "x" }, { timeout: 2_000 })).status === "stored");
  await check("put aside", () => soon(() => owner.status.counts.lettersPutAside === 1));
  await check("send", async () => (await post({ text: "x" }, { timeout: 2_000 })).status === "stored");
  await check("bury", () => soon(() => owner.status.counts.lettersBuried === 1));
  await check("handle again", () => soon(() => owner.status.counts.lettersHandled === 1));
  await check("acknowledge", () =>
    soon(async () => {
      const { post: posted, print: printed } = (await mail.info()).messages;
      return posted?.inWork === 0 && printed?.inWork === 0;
    }),
  );
  await check("count", () => soon(() => owner.status.mailboxes[0]?.letters?.kept !== undefined));
  broken = false;
  let dead = 0;
  await check("list", async () => {
    dead = (await mail.dead.list()).letters[0]?.sequence ?? 0;
    return dead > 0;
  });
  await check("send again", async () => (await mail.dead.resend(dead)).status === "stored");
  await check("drop", async () => (await mail.dead.list()).letters.length === 0);
  await check("pause", async () => {
    await mail.pause("post");
    return (await mail.info()).messages.post?.paused;
  });
  await check("peek", async () => (await mail.peek("post")) === undefined || true);
  return [...new Set(failed)];
}

/** What fails without each permission; the least that must. */
const needed: readonly (readonly [user: string, right: "subscribe" | "publish", subject: RegExp, what: string])[] = [
  ["clinic", "subscribe", /^_INBOX/, "send"],
  ["clinic", "publish", /\.d\.\*$/, "send"],
  ["letters", "subscribe", /^_INBOX/, "put aside"],
  ["letters", "publish", /\.again\.\*$/, "handle again"],
  ["letters", "publish", /\.retry\.\*\.\*$/, "handle again"],
  ["letters", "publish", /\.dead\.\*$/, "bury"],
  ["letters", "publish", /STREAM\.INFO\.MUOVE-MAIL/, "put aside"],
  ["letters", "publish", /STREAM\.INFO\.MUOVE-DEAD/, "put aside"],
  ["letters", "publish", /CONSUMER\.INFO/, "put aside"],
  ["letters", "publish", /MSG\.NEXT/, "put aside"],
  ["letters", "publish", /^\$JS\.ACK/, "acknowledge"],
  ["operator", "subscribe", /^_INBOX/, "provision"],
  ["operator", "publish", /STREAM\.INFO\.MUOVE-MAIL/, "provision"],
  ["operator", "publish", /STREAM\.INFO\.MUOVE-DEAD/, "provision"],
  ["operator", "publish", /STREAM\.CREATE\.MUOVE-MAIL/, "provision"],
  ["operator", "publish", /STREAM\.CREATE\.MUOVE-DEAD/, "provision"],
  ["operator", "publish", /CONSUMER\.INFO/, "provision"],
  ["operator", "publish", /CONSUMER\.CREATE/, "provision"],
  ["operator", "publish", /MSG\.GET\.MUOVE-MAIL/, "peek"],
  ["operator", "publish", /MSG\.GET\.MUOVE-DEAD/, "list"],
  ["operator", "publish", /MSG\.DELETE/, "drop"],
  ["operator", "publish", /\.again\.\*$/, "send again"],
];

const root = "muove-mail.letters.";
const stream = "MUOVE-MAIL_letters_947e4388";
const dead = "MUOVE-DEAD_letters_947e4388";

/** What nobody but owners and operators may do. */
const attempts = [
  ...["again.post", "retry.0.post", "dead.post", "d.post.more"].map((subject) => root + subject),
  "muove-mail.others.d.post",
  ...[stream, dead].flatMap((name) =>
    ["CREATE", "UPDATE", "DELETE", "PURGE", "INFO", "MSG.GET", "MSG.DELETE"].map(
      (verb) => `$JS.API.STREAM.${verb}.${name}`,
    ),
  ),
  `$JS.API.DIRECT.GET.${stream}`,
  "$JS.API.STREAM.CREATE.MINE",
  "$JS.API.STREAM.NAMES",
  "$JS.API.INFO",
  ...["INFO", "DELETE", "PAUSE", "MSG.NEXT", "CREATE", "DURABLE.CREATE", "LEADER.STEPDOWN"].map(
    (verb) => `$JS.API.CONSUMER.${verb}.${stream}.post`,
  ),
  `$JS.ACK.${stream}.post.1.1.1.1700000000000000000.0`,
];

describeMail("the permissions of the page about kept mail", () => {
  test("let everything work, and nothing is refused", async () => {
    const system = await MailSystem.start();
    expect(await failures(system)).toEqual([]);
    expect(system.forbidden).toEqual([]);
  });

  test.each(needed)("are each needed: %s may not %s %s", async (user, right, subject, what) => {
    // To NATS an empty list is none.
    const without = (allowed: readonly string[]) => ["nothing", ...allowed.filter((each) => !subject.test(each))];
    const less = mailUsers().map((each) => (each.user === user ? { ...each, [right]: without(each[right]) } : each));
    const all = (users: readonly GuideUser[]) => users.reduce((sum, each) => sum + each[right].length, 0);
    expect(all(less)).toBe(all(mailUsers())); // One more, and one less.
    expect(await failures(await MailSystem.start(less), what)).toContain(what);
  });

  test.each(["stranger", "clinic"])("let a %s do nothing else", async (name) => {
    const system = await MailSystem.start();
    const operator = await system.bus("operator");
    await provisionMail(operator, [letters]);
    const peer = await system.peer(name);
    for (const subject of attempts) {
      peer.forget();
      peer.publish(subject, { reply: `_INBOX_muove.${name}.1`, payload: "{}" });
      await peer.flush();
      expect(peer.refusals, subject).toEqual([expect.stringContaining("Permissions Violation for Publish")]);
    }
    for (const subject of [
      `${root}>`,
      `${root}d.post`,
      "$JS.ACK.>",
      "_INBOX_muove.letters.>",
      "$JS.EVENT.ADVISORY.>",
      ">",
    ]) {
      peer.forget();
      await peer.subscribe(subject);
      expect(peer.refusals, subject).toEqual([expect.stringContaining("Permissions Violation for Subscription")]);
    }
    expect((await operator.mail(letters).info()).messages).toMatchObject({ post: { waiting: 0, inWork: 0, dead: 0 } });
    if (name === "clinic") return void (await peer.close());
    peer.forget();
    peer.publish(`${root}d.post`, { payload: "{}" });
    await peer.flush();
    expect(peer.refusals).toHaveLength(1);
    await peer.close();
  });

  test("keep a sender's letters from being stored before somebody has provisioned, and say so at once", async () => {
    const system = await MailSystem.start();
    const clinic = await system.bus("clinic");
    const began = performance.now();
    expect(await clinic.to(letters).post({ text: "x" })).toMatchObject({ reason: "no-store", delivered: "no" });
    expect(performance.now() - began).toBeLessThan(1_000);
    const owner = await system.bus("letters");
    owner.serve(letters, handlers());
    await eventually(() => owner.health.ready === false);
    expect(owner.health.problems).toEqual([expect.stringContaining("permissions refuse to make it")]);
    await provisionMail(await system.bus("operator"), [letters]);
    await eventually(() => owner.health.ready, { within: 10_000 });
    expect(await clinic.to(letters).post({ text: "x" })).toMatchObject({ status: "stored" });
    await eventually(() => owner.status.counts.lettersHandled === 1);
  });
});
