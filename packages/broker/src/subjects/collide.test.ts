import { describe, expect, test } from "vitest";
import { collide, matcher } from "./subjects.js";

describe("two subjects", () => {
  test.each([
    ["a.b", "a.b", true],
    ["a.b", "a.c", false],
    ["a.*", "*.b", true],
    ["a.*", "a.b.c", false],
    ["a.>", "a.b.c", true],
    ["a.>", "a", false],
    ["a.>", "*", false],
    [">", "a", true],
    ["a.*.c", "a.b.*", true],
    ["a.*.c", "a.b.d", false],
  ])("%s and %s match a common one: %s", (one, other, expected) => {
    expect([collide(one, other), collide(other, one)]).toEqual([expected, expected]);
  });
});

describe("a matcher", () => {
  test.each([
    ["a.b", "a.b", true],
    ["a.b", "a.b.c", false],
    ["a.*", "a.b", true],
    ["a.*", "a", false],
    ["a.*", "a.b.c", false],
    ["a.>", "a", false],
    ["a.>", "a.b.c", true],
    ["*.b.>", "a.b.c", true],
    [">", "a", true],
  ])("%s takes %s: %s", (pattern, subject, expected) => {
    expect(matcher(pattern)(subject)).toBe(expected);
  });
});
