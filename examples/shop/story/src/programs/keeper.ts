// Outlives the story by a moment and ends whatever the story left behind, even if the story was killed. It reads every
// process from stdin, "+pid" and "-pid"; when stdin closes, the story is gone. Stopped processes (SIGSTOP) cannot notice
// that by themselves, so this program ends them.

import { createInterface } from "node:readline";

const alive = new Set<number>();

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) alive.add(pid);
  else alive.delete(pid);
}

for (const pid of alive) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
