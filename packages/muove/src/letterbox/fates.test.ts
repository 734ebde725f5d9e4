import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { Events } from "../base/events.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import { pauses } from "../letters/streams.js";
import type { BusEvents } from "../outcome/bus-events.js";
import { newCounts } from "../outcome/counts.js";
import type { LetterEnding } from "../serve/held-letter.js";
import { type Death, movedLines, type Trail } from "../wire/letter-headers.js";
import { type LetterPlace, mailNames } from "../wire/mail-subjects.js";
import type { Acks } from "./acks.js";
import type { StoreClock } from "./clock.js";
import type { Copies } from "./copies.js";
import { Fates } from "./fates.js";
import { type Delivered, Letter } from "./letter.js";

const now = 1_000_000_000;
const none: Trail = { failures: 0, moves: 0, revivals: 0, sentAt: now, firstTriedAt: 0, dueAt: 0 };

function fates(stored = true) {
  const log = pino({ level: "silent" });
  const link = { publish: vi.fn((_subject: string, _payload: Buffer) => true) };
  const acks = { add: vi.fn() };
  const copies = {
    move: vi.fn(async (_letter: Letter, _subject: string, _trail: Trail) => stored),
    bury: vi.fn(async (_letter: Letter, _death: Death) => stored),
  };
  const counts = newCounts();
  const events = new Events<BusEvents>(log);
  const buried = vi.fn();
  events.on("buried", buried);
  const made = new Fates({
    link: link as never,
    counts,
    events,
    log: new RateLimitedLog(log),
    mailbox: "post",
    names: mailNames(undefined, "post"),
    clock: { now: () => now } as StoreClock,
    acks: acks as unknown as Acks,
    copies: copies as unknown as Copies,
  });
  return { fates: made, link, acks, copies, counts, buried };
}

function letter(own: Partial<Trail> = {}, delivered = 1, place: LetterPlace = "again"): Letter {
  const headers = `NATS/1.0\r\n${movedLines("send", "a", "S", { ...none, ...own }, "1")}\r\n`;
  const figures = { stream: "S", consumer: "send", delivered, sequence: 9, storedAt: now, pending: 0 };
  const from = { msg: { headers }, place, message: "send", ackSubject: "ack", figures };
  return new Letter(from as unknown as Delivered, performance.now(), { ended: () => {} });
}

const failed = { kind: "failed", error: "Error: no" } as const;
const durable = { tries: 5 };

describe("FATES-1", () => {
  const endings: Record<string, Exclude<LetterEnding, { kind: "handled" }>> = {
    "that failed": failed,
    "that breaks this contract": { kind: "rejected", error: "text is missing" },
    "that nobody can read": { kind: "unreadable", error: "no payload" },
    "that its handler buried": { kind: "buried", error: "no address" },
    "that its handler put off": { kind: "later", delay: 60_000 },
    "whose handler was interrupted": { kind: "interrupted" },
  };

  test.each(Object.entries(endings))("a letter %s is acknowledged when its copy is stored", async (_, ending) => {
    const { fates: made, acks, link } = fates();
    await made.decide(letter(), ending, durable);
    expect(acks.add).toHaveBeenCalledExactlyOnceWith("ack");
    expect(link.publish).not.toHaveBeenCalled();
  });

  test.each(Object.entries(endings))("a letter %s stays for 30 s when no copy can be stored", async (_, ending) => {
    const { fates: made, acks, link, buried } = fates(false);
    await made.decide(letter(), ending, durable);
    expect(acks.add).not.toHaveBeenCalled();
    expect(link.publish).toHaveBeenCalledExactlyOnceWith("ack", Buffer.from('-NAK {"delay":30000000000}'));
    expect(buried).not.toHaveBeenCalled();
  });

  test("a letter that was handled is acknowledged", () => {
    const { fates: made, acks, counts } = fates();
    made.handled(letter());
    expect(acks.add).toHaveBeenCalledExactlyOnceWith("ack");
    expect(counts.lettersHandled).toBe(1);
  });
});

describe("FATES-2", () => {
  test("each failure goes to the level of its number, with at most a tenth more than its pause", async () => {
    const { fates: made, copies } = fates();
    for (let failures = 0; failures < 9; failures++) await made.decide(letter({ failures }), failed, { tries: 10 });
    for (const [failures, [, subject, trail]] of copies.move.mock.calls.entries()) {
      const level = Math.min(failures, pauses.length - 1);
      const pause = pauses[level] as number;
      expect(subject).toBe(`muove-mail.post.retry.${level}.send`);
      expect(trail).toMatchObject({ failures: failures + 1, sentAt: now, firstTriedAt: now });
      expect(trail.dueAt - now).toBeGreaterThanOrEqual(pause);
      expect(trail.dueAt - now).toBeLessThanOrEqual(1.1 * pause);
    }
    expect(copies.bury).not.toHaveBeenCalled();
  });

  test("the last one buries it, with its error and its tries", async () => {
    const { fates: made, copies, counts, buried } = fates();
    await made.decide(letter({ failures: 4 }), failed, durable);
    const told = { reason: "failed", error: "Error: no", tries: 5 };
    expect(copies.bury).toHaveBeenCalledExactlyOnceWith(expect.anything(), { ...told, diedAt: now });
    expect(buried).toHaveBeenCalledExactlyOnceWith({ address: "post.send", id: "a", ...told });
    expect([counts.lettersBuried, copies.move.mock.calls.length]).toEqual([1, 0]);
  });

  test("holders that were gone are tries, and bury nothing by themselves", async () => {
    const { fates: made, copies } = fates();
    await made.giveBack(letter({ failures: 2 }, 3));
    expect(copies.move).toHaveBeenCalledWith(expect.anything(), "muove-mail.post.again.send", expect.anything());
    expect(copies.move.mock.calls[0]?.[2]).toMatchObject({ failures: 4 });
    await made.decide(letter({ failures: 2 }, 3), failed, durable);
    expect(copies.bury).toHaveBeenCalledOnce();
  });

  test("what is given back, or put off, has used up no try", async () => {
    const { fates: made, copies } = fates();
    await made.decide(letter({ failures: 2 }), { kind: "interrupted" }, durable);
    await made.decide(letter({ failures: 2 }), { kind: "later", delay: 1 }, durable);
    expect(copies.move.mock.calls.map(([, , { failures }]) => failures)).toEqual([2, 2]);
  });

  test("what breaks this contract is tried every 30 s, and dead after an hour", async () => {
    const { fates: made, copies } = fates();
    const rejected = { kind: "rejected", error: "text is missing" } as const;
    await made.decide(letter({ sentAt: now - 3_599_000, failures: 2 }), rejected, durable);
    expect(copies.move).toHaveBeenCalledWith(expect.anything(), "muove-mail.post.retry.2.send", expect.anything());
    expect(copies.move.mock.calls[0]?.[2]).toMatchObject({ failures: 2 });
    await made.decide(letter({ sentAt: now - 3_600_000, failures: 2 }), rejected, durable);
    expect(copies.bury.mock.calls[0]?.[1]).toMatchObject({ reason: "rejected", tries: 2 });
  });

  test.each([
    [0, 0],
    [999, 0],
    [4_999, 0],
    [5_000, 1],
    [60_000, 2],
    [86_400_000, 6],
  ])("a letter that is put off for %i ms waits at level %i", async (delay, level) => {
    const { fates: made, copies } = fates();
    await made.decide(letter(), { kind: "later", delay }, durable);
    const [, subject, trail] = copies.move.mock.calls[0] ?? [];
    expect(subject).toBe(`muove-mail.post.retry.${level}.send`);
    expect(trail?.dueAt).toBe(now + delay);
  });

  test("at the end of its pause it goes to its handler if it is due, and waits on if it is not", async () => {
    const { fates: made, copies } = fates();
    await made.due(letter({ dueAt: now, failures: 1 }, 1, "retry"));
    await made.due(letter({ dueAt: now + 7_000, failures: 1 }, 1, "retry"));
    expect(copies.move.mock.calls.map(([, subject]) => subject)).toEqual([
      "muove-mail.post.again.send",
      "muove-mail.post.retry.1.send",
    ]);
  });
});

test("FATES-3 of a letter that is lost meanwhile nothing is said", async () => {
  const { fates: made, link } = fates(false);
  const lost = letter();
  lost.lose();
  await made.decide(lost, failed, durable);
  const late = letter();
  late.knownAt -= 4_001;
  made.stay(late, 1_000);
  expect(link.publish).not.toHaveBeenCalled();
});
