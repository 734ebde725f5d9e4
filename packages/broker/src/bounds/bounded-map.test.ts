import { expect, it } from "vitest";
import { BoundedMap } from "./bounded-map.js";

const bytes = (map: BoundedMap<string>, keys: number): number =>
  Array.from({ length: keys }, (_, i) => map.get(`k${i}`)?.length ?? 0).reduce((sum, length) => sum + length, 0);

it("BOUNDED-MAP-1, BOUNDED-MAP-2: holds at most two generations, and at least the latest", () => {
  const map = new BoundedMap<number>({ entries: 100, weight: 1_000_000 });
  for (let i = 0; i < 10_000; i++) {
    map.set(`k${i}`, i);
    expect(map.size).toBeLessThanOrEqual(200);
  }
  for (let i = 9_900; i < 10_000; i++) expect(map.get(`k${i}`)).toBe(i);
  expect(map.get("k0")).toBeUndefined();
});

it("BOUNDED-MAP-1: counts the weight of entries, and keeps none that is too heavy", () => {
  const map = new BoundedMap<string>({ entries: 1_000, weight: 10_000, weigh: (value) => value.length });
  for (let i = 0; i < 500; i++) map.set(`k${i}`, "x".repeat(1_000));
  expect(bytes(map, 500)).toBeGreaterThan(8_000);
  expect(bytes(map, 500)).toBeLessThanOrEqual(20_000);
  map.set("large", "x".repeat(10_000));
  expect(map.get("large")).toBeUndefined();
});

it("keeps entries that are used, however many others are added", () => {
  const map = new BoundedMap<number>({ entries: 10, weight: 10_000 });
  map.set("used", 1);
  for (let i = 0; i < 1_000; i++) {
    map.set(`k${i}`, i);
    expect(map.get("used")).toBe(1);
  }
});

it("does not count deleted or replaced entries", () => {
  const map = new BoundedMap<string>({ entries: 10, weight: 1_000, weigh: (value) => value.length });
  map.set("kept", "x");
  for (let i = 0; i < 1_000; i++) {
    map.set("same", "x".repeat(500));
    map.set("gone", "x".repeat(100));
    map.delete("gone");
  }
  expect([map.get("kept"), map.get("gone"), map.size]).toEqual(["x", undefined, 2]);
  map.clear();
  expect(map.size).toBe(0);
});
