import { readFileSync } from "node:fs";

/** The tick in which Linux reports CPU time of other processes. */
const tick = 10_000;

/** CPU time of this process so far, user and system together, in microseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The total and the idle CPU time of all cores since the system started, in microseconds. */
export interface MachineTime {
  readonly total: number;
  readonly idle: number;
}

/** Undefined without Linux's `/proc`. */
export function machineTime(): MachineTime | undefined {
  if (process.platform !== "linux") return undefined;
  // The first line is the total: user, nice, system, idle, iowait, irq, softirq, steal, and two that the first two
  // include.
  const line = readFileSync("/proc/stat", "latin1").split("\n", 1)[0] ?? "";
  const times = line
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) * tick);
  const [, , , idle = 0, waiting = 0] = times;
  return { total: times.reduce((sum, time) => sum + time, 0), idle: idle + waiting };
}

/** CPU time of another process so far, in microseconds, to 10 ms. Undefined without Linux's `/proc`. */
export function cpuTimeOf(pid: number | undefined): number | undefined {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // After the program's name, which is in parentheses and may contain anything. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tick;
}
