import { expect, test } from "vitest";
import { ServiceTimeEstimate } from "./service-time-estimate.js";

/** Finishes messages every `every` ms, while `waiting` others wait. */
function busy(estimate: ServiceTimeEstimate, messages: number, every: number, waiting = 10, from = 0): number {
  for (let i = 0; i < messages; i++) estimate.done(from + i * every, waiting, undefined);
  return from + messages * every;
}

test("a mailbox that was never measured counts as fast", () => {
  expect(new ServiceTimeEstimate().timeFor(1_000)).toBe(0);
});

test("under load the estimate is the time from one finished message to the next, however long each took", () => {
  const estimate = new ServiceTimeEstimate();
  busy(estimate, 100, 2);
  expect(estimate.timeFor(10)).toBeCloseTo(20);
});

test("before the first burst the estimate is the time that each message took", () => {
  const estimate = new ServiceTimeEstimate();
  for (let at = 0; at < 5_000; at += 100) estimate.done(at, 0, 1);
  expect(estimate.timeFor(10)).toBeCloseTo(10);
});

test("an idle mailbox with fast messages forgets a slow past", () => {
  const estimate = new ServiceTimeEstimate();
  const end = busy(estimate, 10, 400);
  for (let i = 0; i < 60; i++) estimate.done(end + i * 100, 0, 1);
  expect(estimate.timeFor(1)).toBeLessThan(3);
});

test("a single pause of the process hardly counts", () => {
  const estimate = new ServiceTimeEstimate();
  const end = busy(estimate, 100, 1);
  estimate.done(end + 1_000, 10, undefined);
  expect(estimate.timeFor(1)).toBeLessThan(1.5);
});

// Regression: four hanging handlers raised the estimate to 40 ms.
test("time in which nothing waits does not count, though a message was waiting before", () => {
  const estimate = new ServiceTimeEstimate();
  estimate.done(0, 0, 1);
  for (let at = 40; at < 200; at += 40) {
    estimate.done(at, 1, undefined); // A handler exceeded its time just when the next message came,
    estimate.rest(); // which was started at once.
  }
  expect(estimate.timeFor(1)).toBeCloseTo(1);
});
