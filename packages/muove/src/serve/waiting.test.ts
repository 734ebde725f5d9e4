import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery } from "./delivery.js";
import { Waiting } from "./waiting.js";

interface Fake {
  readonly name: string;
  readonly key: string | undefined;
  cancelled: boolean;
}

const message = (name: string, key?: string): Fake & Delivery => ({ name, key, cancelled: false }) as never;

const nameOf = (delivery: Delivery | undefined): string | undefined => (delivery as Fake | undefined)?.name;

function cancel(waiting: Waiting, delivery: Fake & Delivery): void {
  (delivery as Fake).cancelled = true;
  waiting.cancelled(delivery);
}

function filled(limit: number, ...all: Delivery[]): Waiting {
  const waiting = new Waiting(limit);
  for (const each of all) waiting.add(each);
  return waiting;
}

describe("WAITING-1", () => {
  test("messages without a key leave in their order", () => {
    const waiting = filled(10, message("1"), message("2"));
    expect([waiting.next(), waiting.next(), waiting.next()].map(nameOf)).toEqual(["1", "2", undefined]);
  });

  test("a message whose key is taken holds up nobody, and has its turn when the one before is done", () => {
    const waiting = filled(10, message("a1", "a"), message("a2", "a"), message("b1", "b"), message("plain"));
    expect([waiting.size, waiting.startable]).toEqual([4, 3]);
    const first = waiting.next() as Delivery;
    expect([first, waiting.next(), waiting.next(), waiting.next()].map(nameOf)).toEqual([
      "a1",
      "b1",
      "plain",
      undefined,
    ]);
    waiting.done(first, 1);
    expect(nameOf(waiting.next())).toBe("a2");
    expect(waiting.size).toBe(0);
  });

  test("a message that lost its slot gives its turn once, though it ends later", () => {
    const waiting = filled(10, message("a1", "a"), message("a2", "a"), message("a3", "a"));
    const first = waiting.next() as Delivery;
    waiting.done(first, 1);
    expect(nameOf(waiting.next())).toBe("a2");
    waiting.done(first, 2);
    expect(waiting.next()).toBeUndefined();
    expect(waiting.size).toBe(1);
  });

  test("what is cancelled passes its turn on, wherever it waits", () => {
    const [a1, a2, a3, a4] = ["a1", "a2", "a3", "a4"].map((name) => message(name, "a")) as [
      Fake & Delivery,
      Fake & Delivery,
      Fake & Delivery,
      Fake & Delivery,
    ];
    const waiting = filled(10, a1, a2, a3, a4);
    for (const each of [a1, a3]) cancel(waiting, each);
    expect([waiting.size, waiting.startable]).toEqual([2, 0]);
    expect(nameOf(waiting.next())).toBe("a2");
    waiting.done(a2, 1);
    expect(nameOf(waiting.next())).toBe("a4");
    expect(waiting.size).toBe(0);
  });

  test("a key is as free as at first when its last message is done", () => {
    const waiting = filled(10, message("a1", "a"));
    waiting.done(waiting.next() as Delivery, 1);
    waiting.add(message("a2", "a"));
    expect(nameOf(waiting.next())).toBe("a2");
  });
});

describe("WAITING-2", () => {
  test("one key takes half of the room, and leaves the rest to others", () => {
    const waiting = filled(8, message("first", "a"), ...Array.from({ length: 4 }, () => message("a", "a")));
    expect([waiting.isFull("a"), waiting.isFull("b"), waiting.isFull(undefined)]).toEqual([true, false, false]);
    for (const key of ["b", "b", "c"]) waiting.add(message("other", key));
    expect(["a", "b", "c", undefined].map((key) => waiting.isFull(key))).toEqual([true, true, true, true]);
  });

  test("cancelled ones make room, in the queue and in the lines", () => {
    const all = Array.from({ length: 8 }, (_, n) => message(`${n}`, n % 2 === 0 ? "a" : undefined));
    const waiting = filled(8, ...all);
    expect(waiting.isFull(undefined)).toBe(true);
    for (const each of all.slice(0, 4)) cancel(waiting, each);
    expect(waiting.isFull(undefined)).toBe(false);
    expect(waiting.size).toBe(4);
    const left = [waiting.next(), waiting.next(), waiting.next(), waiting.next()];
    expect(left.map(nameOf)).toEqual(["5", "7", "4", undefined]);
  });
});

test("whatever happens, no two of a key are started at once, each key keeps its order, and the sizes are true", () => {
  const keys = fc.constantFrom(undefined, "a", "b", "c");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), key: keys }),
    fc.record({ kind: fc.constantFrom("start", "end", "cancel", "clear"), at: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const waiting = new Waiting(16);
      let inside: (Fake & Delivery)[] = [];
      const running = new Set<Fake & Delivery>();
      let made = 0;
      for (const each of steps) {
        if ("key" in each) {
          if (waiting.isFull(each.key)) continue;
          const delivery = message(`${made++}`, each.key);
          waiting.add(delivery);
          inside.push(delivery);
        } else if (each.kind === "start") {
          const next = waiting.next() as (Fake & Delivery) | undefined;
          const taken = new Set([...running].map(({ key }) => key));
          const mayStart = inside.filter(({ key }) => key === undefined || !taken.has(key));
          expect(next === undefined).toBe(mayStart.length === 0);
          if (next === undefined) continue;
          expect(mayStart).toContain(next);
          expect(inside.find(({ key }) => key === next.key)).toBe(next);
          inside = inside.filter((other) => other !== next);
          running.add(next);
        } else if (each.kind === "end") {
          const ended = [...running][each.at % Math.max(1, running.size)];
          if (ended === undefined) continue;
          running.delete(ended);
          waiting.done(ended, 1);
        } else if (each.kind === "cancel") {
          const cancelled = inside[each.at % Math.max(1, inside.length)];
          if (cancelled === undefined) continue;
          inside = inside.filter((other) => other !== cancelled);
          cancel(waiting, cancelled);
        } else if (each.at === 0) {
          expect(new Set(waiting.clear())).toEqual(new Set(inside));
          inside = [];
        }
        expect(waiting.size).toBe(inside.length);
      }
    }),
    { numRuns: 500 },
  );
});

test("WAITING-3: what a message costs does not depend on how many wait in its line", () => {
  const cost = (lines: number): number => {
    const waiting = new Waiting(1_000_000);
    for (let n = 0; n < lines; n++) waiting.add(message("a", "a"));
    const start = performance.now();
    for (let n = 0; n < 2_000; n++) {
      waiting.isFull("a");
      waiting.turnsBefore("a");
      waiting.add(message("a", "a"));
      waiting.done(waiting.next() as Delivery, 1);
    }
    return performance.now() - start;
  };
  cost(10);
  const [few, many] = [10, 100_000].map((lines) => Math.min(cost(lines), cost(lines), cost(lines))) as [number, number];
  expect(many).toBeLessThan(20 * few + 5);
});
