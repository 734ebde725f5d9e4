import { describe, expect, test } from "vitest";
import { headerBlock, headerIn } from "./headers.js";
import {
  deadLines,
  isLetterId,
  keptLines,
  letterLines,
  letterRoom,
  movedLines,
  readLetterId,
  readTrail,
} from "./letter-headers.js";

const most = 999_999_999_999_999;
const trail = { failures: 1, moves: 2, revivals: 3, sentAt: 4, firstTriedAt: 5, dueAt: 6 };
const largest = { failures: 999_999, moves: 999_999, revivals: 999_999, sentAt: most, firstTriedAt: most, dueAt: most };

describe("an id", () => {
  test.each(["a", "order-7", "~!{}", "x".repeat(128)])("may be %j", (id) => {
    expect(isLetterId(id)).toBe(true);
    expect(readLetterId(headerBlock(letterLines("send", id, "S")))).toBe(id);
  });

  test.each(["", " ", "a b", "é", "a\r\nb", "x".repeat(129), 7, undefined])("may not be %j", (id) => {
    expect(isLetterId(id)).toBe(false);
  });
});

test("a letter says its id, one that no other message has, and its stream", () => {
  const block = headerBlock(letterLines("send", "a", "S"));
  expect(headerIn(block, "Nats-Msg-Id")).toBe("send/a");
  expect(headerIn(block, "Nats-Expected-Stream")).toBe("S");
});

describe("a trail", () => {
  test("comes back as it was written, in whole figures", () => {
    expect(readTrail(headerBlock(movedLines("send", "a", "S", { ...trail, dueAt: 6.7 }, "7")))).toEqual(trail);
    expect(readTrail(headerBlock(movedLines("send", "a", "S", largest, "7")))).toEqual(largest);
  });

  test.each([
    "",
    "1 2 3",
    "1 2 3 4 5 6 7",
    "a 2 3 4 5 6",
    "-1 2 3 4 5 6",
    "1.5 2 3 4 5 6",
    "1e3 2 3 4 5 6",
    "9999999 2 3 4 5 6",
  ])("that is %j is none", (text) => {
    expect(readTrail(`NATS/1.0\r\nMuove-Trail: ${text}\r\n\r\n`)).toBeUndefined();
  });
});

test("each move, and each burial, has an id of its own at the server", () => {
  const death = { reason: "failed", error: "", tries: 5, diedAt: 1 } as const;
  const ids = [
    letterLines("send", "a", "S"),
    movedLines("send", "a", "S", { ...trail, revivals: 0, moves: 1 }, "7"),
    movedLines("send", "a", "S", { ...trail, revivals: 0, moves: 2 }, "7"),
    movedLines("send", "a", "S", { ...trail, revivals: 1, moves: 2 }, "7"),
    deadLines("send", "a", "D", { ...trail, revivals: 0, moves: 2 }, death),
    deadLines("send", "a", "D", { ...trail, revivals: 1, moves: 2 }, death),
  ].map((lines) => headerIn(headerBlock(lines), "Nats-Msg-Id"));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a copy keeps the sender's lines, its trace and its metadata, and none that belong to one copy", () => {
  const own = "Muove-From: a/b\r\nMuove-Meta: x\r\ntraceparent: 00-1-2-01\r\nOther: y\r\n";
  const block = headerBlock(
    `${letterLines("send", "a", "S")}nats-expected-last-sequence: 9\r\nMuove-Trail: 1 2 3 4 5 6\r\n${own}`,
  );
  expect(keptLines(block)).toBe(own);
});

test("a dead letter tells the text of its error in one line, cut between characters", () => {
  const error = `first\r\nNats-Msg-Id: forged\u{d800} ${"😀".repeat(512)}`;
  const lines = deadLines("send", "a", "D", trail, { reason: "failed", error, tries: 5, diedAt: 7 });
  expect(lines.split("\r\n")).toHaveLength(6);
  const text = decodeURIComponent(headerIn(headerBlock(lines), "Muove-Error"));
  expect(text).toMatch(/^first\r\nNats-Msg-Id: forged\ufffd (?:😀)+$/u);
  expect(headerIn(headerBlock(lines), "Muove-Dead")).toBe("failed 5 3 4 5 7");
});

test("an owner adds no more than the room that a letter leaves", () => {
  const id = "~".repeat(128);
  const message = "m".repeat(64);
  const stream = `MUOVE-MAIL_${"p".repeat(64)}_${"m".repeat(64)}_01234567`;
  const sent = letterLines(message, id, stream).length;
  const death = { reason: "rejected", error: "\u{ffff}".repeat(512), tries: 999_999, diedAt: most } as const;
  expect(movedLines(message, id, stream, largest, "1700000000123456789").length - sent).toBeLessThan(letterRoom);
  expect(deadLines(message, id, stream, largest, death).length - sent).toBeLessThan(letterRoom);
});
