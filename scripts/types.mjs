// Measures what contracts cost the TypeScript compiler, prints a table, and fails if that is too much. An argument says how
// many rounds: 5.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
const program = join(root, "packages", "bench", "dist", "types", "main.js");
process.exitCode = await run(process.execPath, [program, ...process.argv.slice(2)]);
