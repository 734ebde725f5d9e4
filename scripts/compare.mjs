// Compares the CPU time of a call with that of another commit, in alternated pairs. Arguments: `npm run compare -- main`.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

const compare = join(root, "packages", "bench", "dist", "compare", "main.js");

await prepare();
process.exitCode = await run(process.execPath, [compare, ...process.argv.slice(2)]);
