// Compares Muove with its peers and with the wire. Arguments: see `npm run bench -- --help`.
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

const bench = join(root, "packages", "bench");

await prepare();
process.exitCode =
  (await installPeers()) || (await run(process.execPath, [join(bench, "dist", "main.js"), ...process.argv.slice(2)]));

/** The peers' dependencies are no part of the workspace: nobody else needs them. */
async function installPeers() {
  const args = ["install", "--ignore-workspace", "--frozen-lockfile", "--dir", join(bench, "peers")];
  return await run("pnpm", args, { quiet: true, env: { CI: "true" } });
}
