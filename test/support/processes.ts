import { existsSync, readFileSync } from "node:fs";

/** Whether there is such a process. One that has ended is gone, even if whoever adopted it has not looked yet. */
export function lives(pid: number | undefined): boolean {
  try {
    process.kill(pid as number, 0);
  } catch {
    return false;
  }
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "";
  return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
}
