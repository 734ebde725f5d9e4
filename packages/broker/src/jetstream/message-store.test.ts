import { describe, expect, it } from "vitest";
import { Budget } from "../bounds/budget.js";
import { MessageStore } from "./message-store.js";
import type { StoredMessage } from "./stored-message.js";

const message = (sequence: number, subject = "a"): StoredMessage => ({
  sequence,
  subject,
  at: sequence,
  headerSize: 0,
  bytes: Buffer.from("hi\r\n"),
  size: 10,
  earlier: undefined,
  later: undefined,
});

function filled(...subjects: string[]) {
  const budget = new Budget(1_000_000);
  const removed: number[] = [];
  const store = new MessageStore(budget, 1, {
    removed: ({ sequence }) => void removed.push(sequence),
    happened: () => {},
  });
  for (const [i, subject] of subjects.entries()) store.add(message(i + 1, subject));
  return { store, budget, removed };
}

describe("a store of messages", () => {
  it("STORE-1, STORE-2: knows its first and last sequence, whatever is removed", () => {
    const { store, removed } = filled("a", "a", "b");
    const ends = () => [store.first, store.last, store.count];
    expect(ends()).toEqual([1, 3, 3]);
    store.remove(store.get(2) as StoredMessage);
    expect(ends()).toEqual([1, 3, 2]);
    store.remove(store.get(1) as StoredMessage);
    expect(ends()).toEqual([3, 3, 1]);
    store.remove(store.get(3) as StoredMessage);
    expect(ends()).toEqual([4, 3, 0]);
    expect(store.skip()).toBe(4);
    expect(ends()).toEqual([5, 4, 0]);
    expect(removed).toEqual([2, 1, 3]);
  });

  it("STORE-3: gives back to the budget what it took", () => {
    const { store, budget } = filled("a", "b", "a", "b");
    expect(budget.used).toBeGreaterThan(1_600);
    expect(store.bytes).toBe(40);
    store.remove(store.get(2) as StoredMessage);
    expect(store.compact(4)).toBe(2);
    expect(store.bytes).toBe(10);
    store.discard();
    expect(budget.used).toBe(0);
  });

  it("STORE-4: chains the messages of each subject", () => {
    const { store } = filled("a", "b", "a", "a");
    expect(store.subjects.get("a")).toMatchObject({ count: 3, first: { sequence: 1 }, last: { sequence: 4 } });
    store.remove(store.get(3) as StoredMessage);
    expect(store.get(1)?.later).toBe(store.get(4));
    expect(store.get(4)?.earlier).toBe(store.get(1));
    store.remove(store.get(1) as StoredMessage);
    expect(store.subjects.get("a")).toMatchObject({ count: 1, first: { sequence: 4 }, last: { sequence: 4 } });
    expect(store.lastOn("*")?.sequence).toBe(4);
    store.remove(store.get(4) as StoredMessage);
    expect([...store.subjects.keys()]).toEqual(["b"]);
  });

  it("goes on behind a purge that lies in the future", () => {
    const { store } = filled("a", "a");
    expect(store.compact(20)).toBe(2);
    expect([store.first, store.last]).toEqual([20, 19]);
    store.add(message(20));
    expect(store.next(0)?.sequence).toBe(20);
  });
});
