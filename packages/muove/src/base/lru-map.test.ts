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
