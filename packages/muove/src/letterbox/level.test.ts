import { expect, test, vi } from "vitest";
import { movedLines } from "../wire/letter-headers.js";
import type { StoreClock } from "./clock.js";
import type { Fates } from "./fates.js";
import { type Delivered, Letter } from "./letter.js";
import { Level } from "./level.js";
import type { Pull } from "./pull.js";

const now = 1_000_000_000;

function level() {
  const fates = { stay: vi.fn(), due: vi.fn(async () => {}) };
  const keeper = {
    accept: (delivered: Delivered) => new Letter(delivered, performance.now(), { ended: () => {} }),
    deciding: vi.fn((_letter: Letter, _done: Promise<void>) => {}),
    gone: vi.fn(),
  };
  const pull = { outstanding: 0, ask: vi.fn(), delivered: vi.fn(), told: vi.fn(), reset: vi.fn() };
  const clock = { now: () => now } as StoreClock;
  const made = new Level(1, clock, fates as unknown as Fates, keeper, () => pull as unknown as Pull); // 5 s.
  const take = (dueAt: number, storedAt: number): void => {
    const trail = { failures: 1, moves: 1, revivals: 0, sentAt: 0, firstTriedAt: 0, dueAt };
    const headers = `NATS/1.0\r\n${movedLines("send", "a", "S", trail, "1")}\r\n`;
    const figures = { stream: "S", consumer: "_retry-1", delivered: 1, sequence: 1, storedAt, pending: 0 };
    const from = { msg: { headers }, place: "retry", message: "send", ackSubject: "ack", figures };
    made.take(from as unknown as Delivered);
  };
  return { level: made, fates, keeper, pull, take };
}

test("LEVEL-1 a letter waits where it is until it is due", () => {
  const { fates, take, keeper } = level();
  take(now + 3_000, now - 2_000);
  expect(fates.stay).toHaveBeenCalledExactlyOnceWith(expect.anything(), 3_000);
  expect(fates.due).not.toHaveBeenCalled();
  take(now, now - 5_000);
  expect(fates.due).toHaveBeenCalledOnce();
  expect(keeper.deciding).toHaveBeenCalledTimes(2);
});

test("LEVEL-1 it leaves after 1.2 times the pause, whatever its headers say", () => {
  const { fates, take } = level();
  take(now + 86_400_000, now - 1_000);
  expect(fates.stay).toHaveBeenCalledExactlyOnceWith(expect.anything(), 5_000);
  take(now + 86_400_000, now - 6_000);
  expect(fates.due).toHaveBeenCalledOnce();
});

test("LEVEL-1 it does not wait longer because our clock is behind", () => {
  const { fates, take } = level();
  take(now + 3_600_000 + 5_000, now + 3_600_000);
  expect(fates.stay).toHaveBeenCalledExactlyOnceWith(expect.anything(), 6_000);
});

test("it asks for letters from its start on, once, and not when it was stopped or its consumer is gone", () => {
  const { level: made, pull, keeper } = level();
  made.start();
  made.start();
  expect(pull.ask).toHaveBeenCalledExactlyOnceWith(16);
  made.ended();
  expect(pull.ask).toHaveBeenCalledTimes(2);
  made.gone("409 Consumer Deleted");
  expect(keeper.gone).toHaveBeenCalledOnce();
  made.ended();
  expect(pull.ask).toHaveBeenCalledTimes(2);
  made.start();
  expect(pull.ask).toHaveBeenCalledTimes(3);
});
