import { describe, expect, it } from "vitest";
import { cost } from "./spent.js";

const before = { service: 100, server: 1_000, machine: { total: 0, idle: 0 } };
const after = { service: 300, server: 1_400, machine: { total: 4_000, idle: 1_600 } };

describe("the cost of requests", () => {
  it("is CPU time per request on every side, and the share of other processes", () => {
    expect(cost(before, after, 600, 100)).toEqual({ cpu: { caller: 6, service: 2, server: 4 }, others: 0.3 });
  });

  it("is never negative, although the system counts in ticks", () => {
    expect(cost(before, after, 6_000, 100).others).toBe(0);
  });

  it("leaves out unknown values", () => {
    const blind = { service: 0, server: undefined, machine: undefined };
    expect(cost(blind, { ...blind, service: 10 }, 20, 10)).toEqual({
      cpu: { caller: 2, service: 1, server: undefined },
      others: undefined,
    });
  });
});
