// Compares durable casts with the official JetStream client and with BullMQ. Argument: how many rounds (3).
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

const bench = join(root, "packages", "bench");
const peers = ["install", "--ignore-workspace", "--frozen-lockfile", "--dir", join(bench, "peers")];

await prepare();
process.exitCode =
  (await run("pnpm", peers, { quiet: true, env: { CI: "true" } })) ||
  (await run(process.execPath, [join(bench, "dist", "letters", "main.js"), ...process.argv.slice(2)]));
