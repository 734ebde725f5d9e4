import { describe, expect, it } from "vitest";
import { cost } from "./spent.js";

const before = { service: 100, server: 1_000, machine: { total: 0, idle: 0 } };
const after = { service: 300, server: 1_400, machine: { total: 4_000, idle: 1_600 } };

describe("what requests have cost", () => {
  it("is CPU time for each, on every side, and what others took of the machine", () => {
    expect(cost(before, after, 600, 100)).toEqual({ cpu: { caller: 6, service: 2, server: 4 }, others: 0.3 });
  });

  it("does not blame others for less than nothing, as the system counts in ticks", () => {
    expect(cost(before, after, 6_000, 100).others).toBe(0);
  });

  it("leaves out what cannot be seen", () => {
    const blind = { service: 0, server: undefined, machine: undefined };
    expect(cost(blind, { ...blind, service: 10 }, 20, 10)).toEqual({
      cpu: { caller: 2, service: 1, server: undefined },
      others: undefined,
    });
  });
});
