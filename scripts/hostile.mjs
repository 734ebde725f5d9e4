// Random hostile traffic of a peer with the guide's rights for minutes, against a system that works meanwhile, and then the
// question whether that held. Arguments: --minutes 5 (or --seconds 300), --seed 1, --rate 1000, --embedded.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
process.exitCode = await run(process.execPath, [
  join(root, "test", "dist", "threats", "hostile-traffic", "main.js"),
  ...process.argv.slice(2),
]);
