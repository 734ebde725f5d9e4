import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RateLimitedLog } from "./rate-limited-log.js";

vi.mock("./timers.js", () => import("../../../../test/support/global-timers.js"));

let lines: Record<string, unknown>[];
let log: RateLimitedLog;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  lines = [];
  log = new RateLimitedLog(
    pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  );
});
afterEach(() => void vi.useRealTimers());

const warn = (kind: string) => log.warn(kind, () => ({ kind }), "refused");

test("the first line of a kind is logged at once", () => {
  warn("a");
  expect(lines).toEqual([{ level: 40, kind: "a", msg: "refused" }]);
});

test("a flood gets one line a second, with the number of lines left out", () => {
  for (let i = 0; i < 1_000; i++) warn("a");
  vi.advanceTimersByTime(1_000);
  warn("a");
  warn("a");
  expect(lines.map(({ leftOut }) => leftOut)).toEqual([undefined, 999]);
});

test("each line left out is counted once", () => {
  warn("a");
  warn("a");
  for (const _ of [1, 2]) {
    vi.advanceTimersByTime(1_000);
    warn("a");
  }
  expect(lines.map(({ leftOut }) => leftOut)).toEqual([undefined, 1, undefined]);
});

test("a flood of one kind does not hide another kind", () => {
  for (let i = 0; i < 10; i++) warn("a");
  warn("b");
  expect(lines.map(({ kind }) => kind)).toEqual(["a", "b"]);
});

test("RATE-LIMITED-LOG-1 the number of kinds is bounded, and a flood of kinds gets no more lines", () => {
  for (let i = 0; i < 100_000; i++) warn(`kind ${i}`);
  for (let i = 0; i < 100_000; i++) warn(`kind ${i}`);
  expect(lines.length).toBeLessThan(1_100);
});

test("RATE-LIMITED-LOG-1 kinds beyond the bound share one line a second, and take none from another kind", () => {
  warn("ours");
  for (let i = 0; i < 2_000; i++) warn(`kind ${i}`);
  for (const leftOut of [976, 1, 1]) {
    vi.advanceTimersByTime(1_000);
    warn("others");
    warn("one more");
    expect(lines.at(-1)).toMatchObject({ kind: "others", leftOut });
  }
  warn("ours");
  expect(lines.at(-1)).toEqual({ level: 40, kind: "ours", msg: "refused" });
});

test("one more line may be allowed, which says what was left out; one that is only asked for is not missed", () => {
  for (let i = 0; i < 3; i++) warn("a");
  log.allow("a");
  warn("a");
  warn("a");
  expect(lines.map(({ leftOut }) => leftOut)).toEqual([undefined, 2]);
  expect([log.may("b"), log.may("b")]).toEqual([true, false]);
  vi.advanceTimersByTime(1_000);
  warn("b");
  expect(lines.at(-1)).toEqual({ level: 40, kind: "b", msg: "refused" });
});

test("the fields of a line that is left out are not computed", () => {
  const fields = vi.fn(() => ({}));
  for (let i = 0; i < 10; i++) log.warn("a", fields, "refused");
  expect(fields).toHaveBeenCalledOnce();
});

test("a kind may have a burst, and then gets a line a second", () => {
  const bursts: unknown[] = [];
  const burst = new RateLimitedLog(
    pino({ base: null }, { write: (line: string) => void bursts.push(JSON.parse(line)) }),
    10,
  );
  const error = (): boolean => burst.error("a", () => ({}), "threw");
  const logged = Array.from({ length: 100 }, error).filter(Boolean);
  expect([logged.length, bursts.length]).toEqual([10, 10]);
  vi.advanceTimersByTime(2_500);
  expect([error(), error(), error()]).toEqual([true, true, false]);
  expect(bursts[10]).toMatchObject({ leftOut: 90 });
});
