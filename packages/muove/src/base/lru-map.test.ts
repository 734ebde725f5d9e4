import { expect, test } from "vitest";
import { LruMap } from "./lru-map.js";

test("creates a missing value once", () => {
  const recent = new LruMap<object>(2);
  const first = recent.of("a", () => ({}));
  expect(recent.of("a", () => ({}))).toBe(first);
});

test("never exceeds its size, and evicts the least recently used entry", () => {
  const recent = new LruMap<string>(2);
  recent.of("a", () => "first a");
  recent.of("b", () => "first b");
  recent.of("a", () => "second a");
  recent.of("c", () => "first c");
  expect([...recent.values()]).toEqual(["first a", "first c"]);
  expect(recent.of("b", () => "second b")).toBe("second b");
});

test("a read counts as a use, and removed entries are given back", () => {
  const recent = new LruMap<string>();
  for (const key of ["a", "b", "c"]) recent.set(key, key.toUpperCase());
  expect([recent.get("a"), recent.get("d")]).toEqual(["A", undefined]);
  expect([recent.evict(), recent.take("a"), recent.take("a"), recent.size]).toEqual(["B", "A", undefined, 1]);
});
