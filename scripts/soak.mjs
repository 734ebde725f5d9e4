// Callers and workers under random faults for minutes, and then the question whether any caller was lied to; with --letters,
// senders and owners of letters, and the question what became of each letter. Arguments: --seconds 300, --seed 1, --only
// "kill a worker,kill NATS"; for calls --embedded, for letters --plant loss or --plant double.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

const args = process.argv.slice(2);
const program = args.includes("--letters") ? join("letters", "main.js") : "main.js";

await prepare();
process.exitCode = await run(process.execPath, [
  join(root, "test", "dist", "soak", program),
  ...args.filter((arg) => arg !== "--letters"),
]);
