import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InvalidOptions, lastKnown } from "../index.js";
import { Memory } from "./memory.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

const long = 1_000_000;
const room = (entries: number, maxBytes = 1_000_000) => ({ entries, maxBytes });

describe("what is remembered", () => {
  test("is found by an equal input; key order and undefined keys do not matter", () => {
    const memory = new Memory();
    memory.keep({ sku: "a", at: { x: 1, y: 2 } }, 5, room(10));
    expect(memory.recall({ at: { y: 2, x: 1 }, sku: "a", note: undefined }, long)?.value).toBe(5);
  });

  test.each([[{ sku: "b" }], [{}], [[]], ["a"], [undefined], [null], [{ sku: ["a"] }]])(
    "is not found by another input: %j",
    (other) => {
      const memory = new Memory();
      memory.keep({ sku: "a" }, 5, room(10));
      expect(memory.recall(other, long)).toBeUndefined();
    },
  );

  test("is the last answer: a new one replaces the old one", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(10));
    memory.keep("a", 2, room(10));
    expect(memory.recall("a", long)?.value).toBe(2);
  });

  test("MEMORY-1 cannot be modified through the kept value or a recalled one", () => {
    const memory = new Memory();
    const value = { prices: [1, 2] };
    memory.keep("a", value, room(10));
    value.prices.push(3);
    const got = memory.recall("a", long)?.value as typeof value;
    expect(got).toEqual({ prices: [1, 2] });
    got.prices.push(4);
    expect(memory.recall("a", long)?.value).toEqual({ prices: [1, 2] });
  });

  test.each([undefined, null, 0, false, "", new Date(5), new Uint8Array([1])])("may be %s", (value) => {
    const memory = new Memory();
    memory.keep("a", value, room(10));
    expect(memory.recall("a", long)).toMatchObject({ value });
  });
});

describe("the age of an answer", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("comes with it, in ms", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(10));
    vi.advanceTimersByTime(250);
    expect(memory.recall("a", long)).toEqual({ value: 1, age: 250 });
  });

  test("is limited by each fallback: an answer that is too old for one is found by another", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(10));
    vi.advanceTimersByTime(101);
    expect(memory.recall("a", 100)).toBeUndefined();
    expect(memory.recall("a", 101)).toBeDefined();
  });

  test("counts from when it came, not from its last use", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(10));
    vi.advanceTimersByTime(60);
    memory.recall("a", 100);
    vi.advanceTimersByTime(60);
    expect(memory.recall("a", 100)).toBeUndefined();
  });
});

const known = (memory: Memory, ...inputs: string[]) => inputs.filter((input) => memory.recall(input, long));

describe("the number of answers", () => {
  test("MEMORY-2 is bounded: the least recently used answer is evicted first", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(2));
    memory.keep("b", 2, room(2));
    memory.recall("a", long);
    memory.keep("c", 3, room(2));
    expect(known(memory, "a", "b", "c")).toEqual(["a", "c"]);
  });

  test("MEMORY-2 is bounded by the largest number that any fallback asked for", () => {
    const memory = new Memory();
    memory.keep("a", 1, room(3));
    memory.keep("b", 2, room(1));
    memory.keep("c", 3, room(1));
    memory.keep("d", 4, room(1));
    expect(known(memory, "a", "b", "c", "d")).toEqual(["b", "c", "d"]);
  });

  test("does not grow when the same input is answered repeatedly", () => {
    const memory = new Memory();
    memory.keep("other", 0, room(2));
    for (let i = 0; i < 100; i++) memory.keep("a", i, room(2));
    expect(known(memory, "other", "a")).toEqual(["other", "a"]);
  });
});

describe("the bytes of answers", () => {
  const answer = (size: number): Uint8Array => new Uint8Array(size);

  test("MEMORY-2 are bounded: the least recently used answers are evicted until the new one fits", () => {
    const memory = new Memory();
    for (const input of ["a", "b", "c", "d"]) memory.keep(input, answer(200_000), room(10));
    memory.recall("a", long);
    memory.keep("e", answer(450_000), room(10));
    expect(known(memory, "a", "b", "c", "d", "e")).toEqual(["a", "d", "e"]);
    expect(memory.bytes).toBeLessThanOrEqual(1_000_000);
  });

  test("MEMORY-2 are bounded by the largest number that any fallback asked for", () => {
    const memory = new Memory();
    memory.keep("a", answer(900), room(10, 2_500));
    memory.keep("b", answer(900), room(10, 1));
    expect(known(memory, "a", "b")).toEqual(["a", "b"]);
  });

  test("MEMORY-2 stay bounded: an answer that is too large is not kept, and the previous one is dropped", () => {
    const memory = new Memory();
    memory.keep("other", 1, room(10));
    memory.keep("a", 1, room(10));
    memory.keep("a", answer(1_000_001), room(10));
    expect(known(memory, "other", "a")).toEqual(["other"]);
  });

  test("MEMORY-2 do not include inputs: with 1,000 inputs of 200 KB only their answers count", () => {
    const memory = new Memory();
    for (let n = 0; n < 1_000; n++) memory.keep(`${"x".repeat(200_000)}${n}`, n, room(1_000));
    expect(memory.bytes).toBeLessThan(200_000);
    expect(memory.recall(`${"x".repeat(200_000)}${7}`, long)?.value).toBe(7);
    expect(memory.recall("x".repeat(200_000), long)).toBeUndefined();
  });

  test("do not drift when answers are kept again, recalled and dropped", () => {
    const memory = new Memory();
    for (let n = 0; n < 50; n++) {
      memory.keep(n % 7, answer(n), room(5));
      memory.recall(n % 3, long);
    }
    const { bytes } = memory;
    for (let n = 100; n < 105; n++) memory.keep(n, answer(1), room(5));
    const few = memory.bytes;
    for (let n = 200; n < 205; n++) memory.keep(n, answer(1), room(5));
    expect(bytes).toBeGreaterThan(few);
    expect(memory.bytes).toBe(few);
  });
});

describe("lastKnown()", () => {
  test("keeps 1,000 answers, at most ten minutes old and 4 MiB together, by default", () => {
    expect(lastKnown()).toMatchObject({ maxAge: 600_000, entries: 1_000, maxBytes: 4_194_304 });
    expect(lastKnown({ maxAge: 5, entries: 2, maxBytes: 9 })).toMatchObject({ maxAge: 5, entries: 2, maxBytes: 9 });
    expect(Object.isFrozen(lastKnown())).toBe(true);
  });

  test("reports every invalid option", () => {
    const make = () => lastKnown({ maxAge: 0, entries: 1.5, maxBytes: 0, ttl: 5 } as never);
    expect(make).toThrow(InvalidOptions);
    expect(make).toThrow(/maxAge must be.*\n.*entries must be.*\n.*maxBytes must be.*\n.*"ttl" is not an option/);
  });
});
