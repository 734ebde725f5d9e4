import { describe, expect, it } from "vitest";
import { directRun, run } from "../testing/results.js";
import type { Comparison } from "./pairs.js";
import { table } from "./table.js";

/** The CPU time of caller, service and server before is 10, 6 and 4 µs. */
function comparison(caller: number): Comparison {
  return { before: run(1), after: { ...run(1), cpu: { caller, service: 6, server: 4 } } };
}

describe("the table of a comparison", () => {
  const callers = [9, 10, 10, 11, 12, 8];

  it("has the medians, their ratio pair by pair, and its interval", () => {
    const [, caller = "", service, both = ""] = table(callers.map(comparison)).split("\n");
    expect(caller.split(/ {2,}/)).toEqual(["caller", "10.0", "10.0", "1.000", "0.800 to 1.200"]);
    expect(service).toContain("1.000 to 1.000");
    expect(both.split(/ {2,}/)).toEqual(["caller and service", "16.0", "16.0", "1.000", "0.875 to 1.125"]);
  });

  it("leaves out what the system does not report", () => {
    expect(table(callers.map(comparison))).toContain("nats-server");
    const blind = { before: directRun(1), after: directRun(1) };
    expect(table(callers.map(() => blind))).not.toContain("nats-server");
  });
});
