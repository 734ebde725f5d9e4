// Freezes the SDK as it is now, for test/upgrade: whoever changes it later is held to work beside it. Run it with every release, and when
// the protocol has a new version (docs/protocol.md, N-1). Others' packages stay imports.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root, say } from "./workspace.mjs";

const { version } = JSON.parse(readFileSync(join(root, "packages/muove/package.json"), "utf8"));
const { protocolVersion } = await import(join(root, "packages/muove/dist/wire/protocol.js"));
const file = join(root, "test/upgrade/releases", `protocol-${protocolVersion}.js`);

const bundle = await rolldown({
  input: join(root, "packages/muove/dist/index.js"),
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !id.startsWith("@muove/"),
});
await bundle.write({
  file,
  format: "esm",
  comments: false,
  banner: `// Made by scripts/freeze.mjs: muove ${version}, protocol ${protocolVersion}. Not to be changed by hand.`,
});
say(`Wrote ${file.slice(root.length + 1)}`);
