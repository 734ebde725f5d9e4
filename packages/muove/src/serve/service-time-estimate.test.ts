import { expect, test } from "vitest";
import { ServiceTimeEstimate } from "./service-time-estimate.js";

/** Done one after the other, each `every` ms after the last, with so many waiting. */
function busy(pace: ServiceTimeEstimate, messages: number, every: number, waiting = 10, from = 0): number {
  for (let i = 0; i < messages; i++) pace.done(from + i * every, waiting, undefined);
  return from + messages * every;
}

test("a mailbox that was never measured is taken to be quick", () => {
  expect(new ServiceTimeEstimate().timeFor(1_000)).toBe(0);
});

test("under load the pace is the time from one message done to the next, whatever each of them took", () => {
  const pace = new ServiceTimeEstimate();
  busy(pace, 100, 2);
  expect(pace.timeFor(10)).toBeCloseTo(20);
});

test("before the first burst the pace is what the messages took by themselves", () => {
  const pace = new ServiceTimeEstimate();
  for (let at = 0; at < 5_000; at += 100) pace.done(at, 0, 1);
  expect(pace.timeFor(10)).toBeCloseTo(10);
});

test("a slow past is forgotten by an idle mailbox whose messages are quick", () => {
  const pace = new ServiceTimeEstimate();
  const end = busy(pace, 10, 400);
  for (let i = 0; i < 60; i++) pace.done(end + i * 100, 0, 1);
  expect(pace.timeFor(1)).toBeLessThan(3);
});

test("one stop of the process is no pace", () => {
  const pace = new ServiceTimeEstimate();
  const end = busy(pace, 100, 1);
  pace.done(end + 1_000, 10, undefined);
  expect(pace.timeFor(1)).toBeLessThan(1.5);
});

test("the time in which nothing waits is no pace, though a message was waiting before: four hanging handlers made 40 ms of it", () => {
  const pace = new ServiceTimeEstimate();
  pace.done(0, 0, 1);
  for (let at = 40; at < 200; at += 40) {
    pace.done(at, 1, undefined); // A handler has outlived its time just when the next message came,
    pace.rest(); // which was started at once.
  }
  expect(pace.timeFor(1)).toBeCloseTo(1);
});
