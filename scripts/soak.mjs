// Callers and workers under random faults for minutes, and then the question whether any caller was lied to. Arguments:
// --seconds 300, --seed 1, --embedded, --only "kill a worker,kill NATS".
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
process.exitCode = await run(process.execPath, [
  join(root, "test", "dist", "soak", "main.js"),
  ...process.argv.slice(2),
]);
