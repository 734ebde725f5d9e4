import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerPings } from "./server-pings.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection whose server answers as long as it is told to. */
function connection() {
  const state = { answers: true, pings: 0, stale: 0 };
  const pings = new ServerPings(1_000, 2, {
    ping(answered) {
      state.pings++;
      if (state.answers) answered();
    },
    stale: () => void state.stale++,
  });
  return { state, pings };
}

test("SERVER-PINGS-1 a server that answers is pinged at every interval, and never stale", () => {
  const { state } = connection();
  vi.advanceTimersByTime(3_600_000);
  expect(state).toMatchObject({ pings: 3_600, stale: 0 });
});

test("SERVER-PINGS-1 a silent server is stale when a PING is due and two are unanswered, once", () => {
  const { state } = connection();
  vi.advanceTimersByTime(10_000);
  state.answers = false;
  vi.advanceTimersByTime(2_999);
  expect(state).toMatchObject({ pings: 12, stale: 0 });
  vi.advanceTimersByTime(1);
  expect(state).toMatchObject({ pings: 12, stale: 1 });
  vi.advanceTimersByTime(60_000);
  expect(state).toMatchObject({ pings: 12, stale: 1 });
});

test("SERVER-PINGS-1 one answer is enough for all PINGs before it", () => {
  const { state } = connection();
  state.answers = false;
  vi.advanceTimersByTime(1_999);
  state.answers = true;
  vi.advanceTimersByTime(60_000);
  expect(state.stale).toBe(0);
});

test("SERVER-PINGS-2 leaves no timer behind", () => {
  const { pings, state } = connection();
  vi.advanceTimersByTime(1_500);
  pings.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(state).toMatchObject({ pings: 1, stale: 0 });
});
