import { describe, expect, it } from "vitest";
import { cpuTime, cpuTimeOf, machineTime } from "./cpu-time.js";

describe.skipIf(process.platform !== "linux")("[needs Linux] CPU time from outside", () => {
  it("is what the process itself sees, to the ticks of the system", () => {
    const end = cpuTime() + 50_000;
    while (cpuTime() < end);
    expect(Math.abs((cpuTimeOf(process.pid) ?? 0) - cpuTime())).toBeLessThan(30_000);
  });

  it("of the machine holds that of this process", () => {
    const before = machineTime();
    const end = cpuTime() + 100_000;
    while (cpuTime() < end);
    const after = machineTime();
    const busy = (after?.total ?? 0) - (after?.idle ?? 0) - ((before?.total ?? 0) - (before?.idle ?? 0));
    expect(busy).toBeGreaterThan(70_000);
  });

  it("is unknown of what has no process", () => {
    expect(cpuTimeOf(undefined)).toBeUndefined();
  });
});
