// Ends everything that a kit has started when the kit's process dies (SIGKILL, a crash, a test runner that gave up),
// which ends this stdin. Runs in its own process and session, so that Ctrl-C does not reach it.
//
// It reads one line of JSON for each process that was started, { "add": pid }, for each that has ended,
// { "remove": pid }, and for each folder to delete, { "folder": path }.

import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** @type {Set<number>} */
const pids = new Set();
/** @type {Set<string>} */
const folders = new Set();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { add, remove, folder } = JSON.parse(line);
    if (add !== undefined) pids.add(add);
    if (remove !== undefined) pids.delete(remove);
    if (folder !== undefined) folders.add(folder);
  })
  .on("close", () => {
    for (const pid of pids) kill(pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}
