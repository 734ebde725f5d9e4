import { describe, expect, it } from "vitest";
import type { Results } from "../run/results.js";
import { resultsOf, run } from "../testing/results.js";
import { targets } from "./targets.js";

const of = (results: Results, what: RegExp) => targets(results).find((target) => what.test(target.what));

describe("the targets", () => {
  it("compare round by round, and say how close the result is", () => {
    const against = (muove: number[], other: number[]) =>
      of(
        resultsOf({
          muove: muove.map((rate) => ({ "requests-64": run(rate) })),
          official: other.map((rate) => ({ "requests-64": run(rate) })),
        }),
        /official client/,
      );
    expect(against([30, 60], [10, 20])).toMatchObject({ measured: "3.00 (3.00 to 3.00)", verdict: "aim reached" });
    expect(against([20], [10])?.verdict).toBe("reached");
    expect(against([19], [10])?.verdict).toBe("not reached");
  });

  it("know where less is better", () => {
    const p50 = (muove: number) =>
      of(resultsOf({ muove: [{ "requests-1": run(1, muove) }], official: [{ "requests-1": run(1, 1) }] }), /p50/)
        ?.verdict;
    expect([0.9, 1.1, 1.2].map(p50)).toEqual(["aim reached", "reached", "not reached"]);
    const held = (bytes: number) => of(resultsOf({}, { held: bytes }), /in flight, at/)?.verdict;
    expect([512, 1_024, 1_025].map(held)).toEqual(["aim reached", "reached", "not reached"]);
  });

  it("use the worse side of a growth", () => {
    expect(of(resultsOf({}, { grown: 3 * 2 ** 20 }), /heap/)).toMatchObject({
      measured: "3.00 MiB",
      verdict: "not reached",
    });
    expect(of(resultsOf({}, { grown: 1_000 }), /heap/)?.verdict).toBe("reached");
  });

  it("do not claim anything that was not measured", () => {
    expect(of(resultsOf({ muove: [{ "requests-64": run(9) }] }), /NestJS/)).toMatchObject({
      measured: "",
      verdict: "not measured",
    });
  });
});
