// What both of the README's commands need first, with Node and npm only: the dependencies, at the versions of the lockfile,
// and the build of what runs in processes of its own.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".muove-installed");
const windows = process.platform === "win32";

/** Installs and builds what is not up to date yet. */
export async function prepare() {
  demandNode(20, 19);
  await install();
  await build();
}

/**
 * Runs a program of the workspace, or of this machine, and shows what it prints; when quiet, only if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean }} options
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, { env = {}, quiet = false } = {}) {
  const path = `${bin}${windows ? ";" : ":"}${process.env.PATH ?? ""}`;
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    stdio: ["inherit", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    shell: windows,
  });
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => output.push(chunk));
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of ["SIGINT", "SIGTERM"]) process.off(name, forward);
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? (signal ? 128 : 1));
    });
  });
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

async function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  say(`Installing with ${packageManager} (the first time takes a minute or so) …`);
  const args = ["exec", "--yes", `--package=${packageManager}`, "--", "pnpm", "install", "--frozen-lockfile"];
  const code = await run("npm", args, { env: { CI: "true" } });
  if (code !== 0) fail(`The installation failed (exit code ${code}): see above. Is the npm registry reachable?`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

async function build() {
  const started = performance.now();
  // Not to stdout, which may be read by a program.
  process.stderr.write("Building … ");
  const code = await run("turbo", ["run", "build", "--output-logs=errors-only"], {
    quiet: true,
    env: { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
  });
  if (code !== 0) fail("The build failed: see above.");
  process.stderr.write(`done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

/**
 * @param {number} major
 * @param {number} minor
 */
function demandNode(major, minor) {
  const [hasMajor = 0, hasMinor = 0] = process.versions.node.split(".").map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  fail(`Muove needs Node ${major}.${minor} or newer; this is ${process.versions.node}.`);
}

/**
 * @param {string} text
 * @returns {never}
 */
function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
