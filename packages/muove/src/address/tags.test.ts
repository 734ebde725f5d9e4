import { describe, expect, test } from "vitest";
import { sortedTags, tagsProblem, tagToken, tagTokens } from "./tags.js";

const longest = "x".repeat(64);

describe("tags", () => {
  test.each([[{}], [{ region: "eu" }], [{ a: "1", b: "2", c: "3", d: "4" }], [{ [longest]: longest, "-_9": "A-_" }]])(
    "can be %j",
    (tags) => expect(tagsProblem(tags)).toBeUndefined(),
  );

  test.each<[unknown, RegExp]>([
    ["region=eu", /must be an object/],
    [["eu"], /must be an object/],
    [null, /must be an object/],
    [{ a: "1", b: "2", c: "3", d: "4", e: "5" }, /at most 4, not 5/],
    [{ "the region": "eu" }, /the name "the region"/],
    [{ "": "eu" }, /the name ""/],
    [{ region: "e.u" }, /"e\.u" for "region"/],
    [{ region: "e,u" }, /"e,u" for "region"/],
    [{ region: "e=u" }, /"e=u" for "region"/],
    [{ region: "*" }, /"\*" for "region"/],
    [{ region: "München" }, /"München" for "region"/],
    [{ region: "" }, /"" for "region"/],
    [{ region: `${longest}x` }, /for "region"/],
    [{ region: 1 }, /1 for "region".*letters, digits, - and _/],
    [{ region: undefined }, /undefined for "region"/],
  ])("cannot be %j", (tags, problem) => expect(tagsProblem(tags)).toMatch(problem));

  test("report all their problems at once", () => {
    expect(tagsProblem({ "a.b": "c", d: "e.f" })).toMatch(/"a\.b".*; .*"e\.f"/);
  });

  test("are sorted by code unit, and frozen", () => {
    const tags = sortedTags({ zone: "a", Zone: "b", region: "eu" });
    expect(Object.keys(tags)).toEqual(["Zone", "region", "zone"]);
    expect(Object.isFrozen(tags)).toBe(true);
    expect(tagToken({ zone: "a", Zone: "b", region: "eu" })).toBe("Zone=b,region=eu,zone=a");
  });

  test("have one token for every non-empty subset", () => {
    expect(tagTokens({})).toEqual([]);
    expect(tagTokens({ b: "2", a: "1" }).sort()).toEqual(["a=1", "a=1,b=2", "b=2"]);
    expect(new Set(tagTokens({ a: "1", b: "2", c: "3", d: "4" })).size).toBe(15);
  });
});
