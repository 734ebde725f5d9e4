import { describe, expect, it } from "vitest";
import { hasWildcard, isLiteral, isSubscribable, isSubset, isValid } from "./subjects.js";

describe("a subject", () => {
  it("is literal without wildcards and empty tokens", () => {
    for (const subject of ["a", "a.b", "a*", "a.>b", "a b"]) expect(isLiteral(subject), subject).toBe(true);
    for (const subject of ["", "a.", ".a", "a..b", "*", ">", "a.*", "a.>"])
      expect(isLiteral(subject), subject).toBe(false);
  });

  it("may be subscribed to unless a token is empty or follows >", () => {
    for (const subject of ["a", "*", ">", "a.*.>", "a>", "a b"]) expect(isSubscribable(subject), subject).toBe(true);
    for (const subject of ["", "a.", ".a", "a..b", ">.a", "a.>.b"])
      expect(isSubscribable(subject), subject).toBe(false);
  });

  it("is valid in a permission if it has no white space besides", () => {
    expect(isValid("a.*.>")).toBe(true);
    expect(isValid("a b")).toBe(false);
    expect(isValid(">.a")).toBe(false);
  });

  it("has a wildcard only as a whole token", () => {
    expect(hasWildcard("a.*")).toBe(true);
    expect(hasWildcard("a*.>b")).toBe(false);
  });

  it.each([
    ["a.b", "a.*", true],
    ["a.*", "a.*", true],
    ["a.*", "a.>", true],
    ["a.>", "a.>", true],
    ["a.>", ">", true],
    ["a.b.c", "a.*", false],
    ["a", "a.>", false],
    ["a.*", "a.b", false],
    ["a.>", "a.*", false],
    ["a.b", "a.c", false],
    ["a.b", "a.b.c", false],
    ["*", "*", true],
  ])("%s is within %s: %s", (subject, pattern, within) => {
    expect(isSubset(subject, pattern)).toBe(within);
  });
});
