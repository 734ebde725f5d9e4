import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.js";

describe("the arguments of a comparison", () => {
  it("are a commit, and twenty pairs of a second unless told otherwise", () => {
    expect(readArguments(["main"])).toEqual({ ref: "main", pairs: 20, seconds: 1, scenario: "requests-64" });
    const others = ["--pairs", "8", "--seconds", "0.5", "--scenario", "casts"];
    expect(readArguments(["v1", ...others])).toEqual({ ref: "v1", pairs: 8, seconds: 0.5, scenario: "casts" });
  });

  it.each([
    [[], /which commit/],
    [["main", "--pairs", "5"], /--pairs: must be a whole number from 6/],
    [["main", "--seconds", "9"], /--seconds/],
    [["main", "--scenario", "mailboxes"], /--scenario: there is no mailboxes/],
  ])("%j is refused", (args, problem) => {
    expect(() => readArguments(args)).toThrow(problem);
  });
});
