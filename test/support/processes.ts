import { existsSync, readFileSync } from "node:fs";

/** Whether a process is running. A zombie is not. */
export function lives(pid: number | undefined): boolean {
  try {
    process.kill(pid as number, 0);
  } catch {
    return false;
  }
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "";
  return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
}
