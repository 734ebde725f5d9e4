import { expect, onTestFinished, test, vi } from "vitest";
import { StoreClock } from "./clock.js";

const hour = 3_600_000;

test("before the server was heard it is our own clock", () => {
  expect(Math.abs(new StoreClock().now() - Date.now())).toBeLessThan(50);
});

test("CLOCK-1 it is the server's, whatever ours says, and goes on when somebody sets ours", () => {
  const clock = new StoreClock();
  const server = Date.now() - hour;
  clock.heard(server);
  expect(clock.now() - server).toBeLessThan(50);
  vi.useFakeTimers({ now: Date.now() + 10 * hour, toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  expect(clock.now() - server).toBeLessThan(100);
  clock.heard(Number.NaN);
  expect(clock.now() - server).toBeLessThan(100);
});

test("CLOCK-2 it is not earlier than what was stored, and what was stored earlier does not set it back", () => {
  const clock = new StoreClock();
  const server = Date.now();
  clock.heard(server);
  clock.stored(server + hour);
  expect(clock.now()).toBeGreaterThanOrEqual(server + hour);
  clock.stored(server - hour);
  expect(clock.now()).toBeGreaterThanOrEqual(server + hour);
});
