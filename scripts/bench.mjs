// Compares Muove with its peers and with the wire. Arguments: see `npm run bench -- --help`.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
process.exitCode = await run(process.execPath, [
  join(root, "packages", "bench", "dist", "main.js"),
  ...process.argv.slice(2),
]);
