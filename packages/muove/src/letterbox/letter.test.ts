import { describe, expect, test, vi } from "vitest";
import { headerBlock } from "../wire/headers.js";
import { letterLines, movedLines, type Trail } from "../wire/letter-headers.js";
import type { LetterPlace } from "../wire/mail-subjects.js";
import { type Delivered, Letter } from "./letter.js";

const trail: Trail = { failures: 3, moves: 4, revivals: 1, sentAt: 100, firstTriedAt: 200, dueAt: 300 };

function letter(place: LetterPlace, headers: string, delivered = 1) {
  const figures = { stream: "S", consumer: "C", delivered, sequence: 9, storedAt: 1_000, pending: 0 };
  const from = { msg: { headers }, place, message: "send", ackSubject: "ack", figures } as unknown as Delivered;
  const keeper = { ended: vi.fn() };
  return { letter: new Letter(from, performance.now(), keeper), keeper };
}

const moved = headerBlock(movedLines("send", "a", "S", trail, "1"));

describe("LETTER-1", () => {
  test("where senders publish, a trail counts for nothing", () => {
    const { letter: forged } = letter("d", moved);
    expect(forged.trail).toEqual({ failures: 0, moves: 0, revivals: 0, sentAt: 1_000, firstTriedAt: 0, dueAt: 0 });
    expect([forged.attempt, forged.sentAt]).toEqual([1, 1_000]);
  });

  test.each(["again", "retry"] as const)("at %s, its owner's trail counts", (place) => {
    const { letter: own } = letter(place, moved, 2);
    expect(own.trail).toEqual(trail);
    expect([own.id, own.attempt, own.sentAt]).toEqual(["a", 5, 100]);
  });

  test("an unreadable trail is none", () => {
    expect(letter("again", "NATS/1.0\r\nMuove-Trail: 1 2\r\n\r\n").letter.attempt).toBe(1);
  });
});

test("each delivery whose holder was gone was a try", () => {
  expect(letter("d", headerBlock(letterLines("send", "a", "S")), 3).letter.attempt).toBe(3);
});

test("without an id of its sender it has that of its place in the stream", () => {
  expect(letter("d", "").letter.id).toBe("S/9");
  expect(letter("d", "NATS/1.0\r\nMuove-Id: a b\r\n\r\n").letter.id).toBe("S/9");
});

test("LETTER-2 it is told once what became of it", () => {
  const { letter: held, keeper } = letter("d", "");
  held.ended({ kind: "failed", error: "late" });
  held.ended({ kind: "handled" });
  expect(keeper.ended).toHaveBeenCalledExactlyOnceWith(held, { kind: "failed", error: "late" });
});

test("LETTER-2 it is held for 4 s after the server knew of it, unless it was lost before", () => {
  const { letter: held } = letter("d", "");
  expect(held.held).toBe(true);
  held.knownAt -= 4_000;
  expect(held.held).toBe(false);
  held.knownAt += 4_000;
  const handling = { lose: vi.fn() };
  held.begun(handling);
  held.lose();
  expect([held.held, held.lost, handling.lose.mock.calls.length]).toEqual([false, true, 1]);
});
