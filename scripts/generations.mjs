// Everything that depends on the nats-server, on each generation of it that Debian has: see nats-servers.sh.
//
//   node scripts/generations.mjs              all of them
//   node scripts/generations.mjs 2.10 2.15    those
//   node scripts/generations.mjs --others     all but the one in PATH, which `npm test` runs on
//   node scripts/generations.mjs --strict     fails when one of them cannot be had
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suites, table } from "./suites.mjs";
import { prepare, root, say } from "./workspace.mjs";

/** Tests that run on a real server say so; what runs on the embedded broker only would be the same each time. */
const real = "needs nats-server";

/** @type {readonly import("./suites.mjs").Run[]} */
const runs = [
  {
    project: "system",
    paths: [
      "test/broker",
      "test/cluster",
      "test/conformance",
      "test/examples",
      "test/link",
      "test/shop",
      "test/testkit",
    ],
    only: real,
  },
  { project: "failures", only: real },
];

const options = process.argv.slice(2);
const wanted = options.filter((option) => !option.startsWith("--"));
const found = servers();
const chosen = [...found].filter(([version]) => {
  if (options.includes("--others") && version === versionInPath()) return false;
  return wanted.length === 0 || wanted.some((prefix) => `${version}.`.startsWith(`${prefix}.`));
});
const unknown = wanted.filter((prefix) => ![...found.keys()].some((version) => `${version}.`.startsWith(`${prefix}.`)));

await prepare();
/** @type {Map<string, import("./suites.mjs").Results>} */
const results = new Map();
for (const [version, program] of chosen) {
  say(`nats-server ${version}`);
  results.set(version, await suites(`nats-server ${version}`, runs, { env: { NATS_SERVER: program } }));
}
const passed = table(results);
for (const prefix of unknown) say(`There is no nats-server ${prefix} here.`);
process.exitCode = passed && chosen.length > 0 && unknown.length === 0 ? 0 : 1;

/** @returns {Map<string, string>} the programs by their versions */
function servers() {
  const strict = options.includes("--strict") ? ["--strict"] : [];
  const { stdout, status } = spawnSync("bash", [join(root, "scripts", "nats-servers.sh"), ...strict], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(1);
  return new Map(
    stdout
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => /** @type {[string, string]} */ (line.split(" "))),
  );
}

function versionInPath() {
  const { stdout } = spawnSync("nats-server", ["--version"], { encoding: "utf8" });
  return /v([\d.]+)/.exec(stdout ?? "")?.[1];
}
