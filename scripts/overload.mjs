// Measures a mailbox under overload and writes docs/overload.md with its curve.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
process.exitCode = await run(process.execPath, [join(root, "packages", "bench", "dist", "overload", "main.js")]);
