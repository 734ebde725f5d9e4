// Outlives the story by a moment and ends whatever the story left behind, also when the story was killed and could not.
// It is told of every process on stdin, "+pid" and "-pid"; when that closes, the story is gone. Those that are stopped
// (SIGSTOP) could not notice by themselves, so it takes somebody else.

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
    // It is gone already.
  }
}
