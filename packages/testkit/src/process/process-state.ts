import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Whether a process is stopped (SIGSTOP). A process that is gone is not stopped. */
export async function isStopped(pid: number): Promise<boolean> {
  const state = process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  return /^[Tt]/.test(state);
}

/** The state is the first field after the program's name, which is in parentheses and may contain some. */
async function fromProc(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2);
}

async function fromPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "state=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim();
}
