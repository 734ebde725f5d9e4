// The first command: installs, builds, and plays the story of the shop. Arguments go to the story (`npm start -- --once`).
import { join } from "node:path";
import { prepare, root, run } from "./workspace.mjs";

await prepare();
const story = join(root, "examples", "shop", "story", "dist", "main.js");
process.exitCode = await run(process.execPath, [story, ...process.argv.slice(2)]);
