import { readFileSync } from "node:fs";

/** CPU time of this process so far, user and system together, in microseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Linux counts CPU time in ticks of this length for those who look from outside. */
const tick = 10_000;

/** CPU time of another process so far, in microseconds, to 10 ms; undefined where Linux's `/proc` is not. */
export function cpuTimeOf(pid: number | undefined): number | undefined {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // Behind the program's name, which is in parentheses and may have anything in it; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tick;
}
