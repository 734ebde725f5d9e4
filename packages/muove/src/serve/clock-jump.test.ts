import { expect, test } from "vitest";
import { ClockJump } from "./clock-jump.js";

/** When a jump was found, in messages of these differences, 100 ms apart; 0 was the least before. */
function found(differences: readonly number[], interval = 100): number[] {
  const jump = new ClockJump(0);
  return differences.flatMap((difference, i) => (jump.found(difference, 0, i * interval) ? [i * interval] : []));
}

const times = (n: number, difference: number): number[] => Array.from({ length: n }, () => difference);

test("CLOCK-JUMP-1 a rise at once, to a level that stays for half a second, is a jump", () => {
  expect(found([0, ...times(7, 300)])).toEqual([600]);
});

test("CLOCK-JUMP-1 it takes three messages, however far apart", () => {
  expect(found([0, 300, 300, 300], 5_000)).toEqual([15_000]);
});

test("CLOCK-JUMP-1 messages that are later still neither count nor start it anew", () => {
  expect(found([0, 300, 900, 300, 900, 900, 900, 290])).toEqual([700]);
});

test("CLOCK-JUMP-1 a message on time ends it", () => {
  expect(found([0, ...times(5, 300), 5, ...times(5, 300), 0])).toEqual([]);
});

test("CLOCK-JUMP-1 a rise step by step, as of a queue that grows, is none, even if it stays there then", () => {
  for (const step of [5, 13, 15, 20, 30, 50, 100])
    expect(found([...Array.from({ length: 20 }, (_, i) => step * i), ...times(50, step * 20)])).toEqual([]);
});

test("CLOCK-JUMP-1 what falls all the time, as a queue that drains, is none", () => {
  expect(found([0, ...Array.from({ length: 50 }, (_, i) => 600 - 10 * i)])).toEqual([]);
});

test("CLOCK-JUMP-2 a level is sought anew where messages fell to", () => {
  expect(found([0, 500, 400, 350, ...times(6, 300)])).toEqual([900]);
});

test("CLOCK-JUMP-3 a second jump in the half second of the first is found, too", () => {
  expect(found([0, ...times(4, 300), ...times(14, 800)])).toEqual([1_400]);
  expect(found([0, 300, 800, 800, 800], 1_000)).toEqual([4_000]);
});
