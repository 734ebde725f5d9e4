import { describe, expect, it } from "vitest";
import { cpuTime, cpuTimeOf, machineTime } from "./cpu-time.js";

describe.skipIf(process.platform !== "linux")("[needs Linux] CPU time from outside", () => {
  it("agrees with the process's own view, to a tick of the system", () => {
    const end = cpuTime() + 50_000;
    while (cpuTime() < end);
    expect(Math.abs((cpuTimeOf(process.pid) ?? 0) - cpuTime())).toBeLessThan(30_000);
  });

  it("of the machine includes this process", () => {
    const before = machineTime();
    const end = cpuTime() + 100_000;
    while (cpuTime() < end);
    const after = machineTime();
    const busy = (after?.total ?? 0) - (after?.idle ?? 0) - ((before?.total ?? 0) - (before?.idle ?? 0));
    expect(busy).toBeGreaterThan(70_000);
  });

  it("is undefined without a process", () => {
    expect(cpuTimeOf(undefined)).toBeUndefined();
  });
});
