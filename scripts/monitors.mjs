// Measures what it costs to know who serves a mailbox, and writes docs/monitors.md.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
process.exitCode = await run(process.execPath, [join(root, "packages", "bench", "dist", "monitors", "main.js")]);
