// What takes too long for every change: soaks, thousands of kills, generated sessions and payloads, hostile traffic, and the
// tests again on every generation of nats-server and on newer Nodes. What has passed is written to docs/long-run.md.
//
//   node scripts/long.mjs                  all of it, in two hours or so
//   node scripts/long.mjs --scale 0.1      a tenth of each repetition
//   node scripts/long.mjs --seed 7         the seed of all parts; without it, any
//   node scripts/long.mjs soak kills       these parts only; the page keeps what it says of the others
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { partsOf } from "./long-parts.mjs";
import { prepare, root, say } from "./workspace.mjs";

/** @typedef {{ part: import("./long-parts.mjs").Part, found: string | undefined, seconds: number }} Result */

const { values, positionals } = parseArgs({
  options: { scale: { type: "string" }, seed: { type: "string" } },
  allowPositionals: true,
});
const scale = Number(values.scale ?? 1);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const logs = join(root, "node_modules", ".muove-long");
const file = join(root, "docs", "long-run.md");

await prepare();
mkdirSync(logs, { recursive: true });
const all = partsOf(scale, seed);
const parts = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
/** @type {Result[]} */
const results = [];
for (const part of parts) results.push(await carriedOut(part));
const failed = results.filter(({ found }) => found === undefined);
for (const { part } of failed) say(`FAILED: ${part.name}, seed ${seed}: ${relative(root, logOf(part))}`);
process.exitCode = failed.length > 0 || parts.length === 0 ? 1 : 0;
if (process.exitCode === 0) {
  writeFileSync(file, page());
  say(`Wrote ${relative(root, file)}`);
}

/**
 * @param {import("./long-parts.mjs").Part} part
 * @returns {Promise<Result>}
 */
async function carriedOut(part) {
  say(`${part.name}: ${part.what} …`);
  const started = performance.now();
  const code = await logged(part);
  const output = stripVTControlCharacters(readFileSync(logOf(part), "utf8"));
  const found = code === 0 ? part.finds(output) : undefined;
  const seconds = (performance.now() - started) / 1_000;
  say(`  ${found ?? `FAILED with exit code ${code}`}, in ${time(seconds)}`);
  return { part, found, seconds };
}

/** @param {import("./long-parts.mjs").Part} part */
function logOf({ name }) {
  return join(logs, `${name}.log`);
}

/**
 * @param {import("./long-parts.mjs").Part} part
 * @returns {Promise<number>} its exit code
 */
function logged(part) {
  const log = createWriteStream(logOf(part));
  const [program = "", ...args] = part.command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, CI: "true", NO_COLOR: "1", ...part.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => log.end(() => resolve(code ?? 1)));
  });
}

function page() {
  const before = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const rows = partsOf(1, seed).map((part) => {
    const result = results.find(({ part: { name } }) => name === part.name);
    if (result !== undefined) return row(result);
    return (
      before.find((line) => line.startsWith(`| ${part.name} |`)) ?? `| ${part.name} | ${part.what} | | not run yet | |`
    );
  });
  return `# The long run

Tests that take too long for every change run before a release and after every larger change. \`.ci/long\` writes this page
when all of them have passed. \`node scripts/long.mjs --seed 7 soak\` runs one part with one seed, which repeats the same
faults, sessions and payloads. Which message a fault hits depends on the machine.

| part | what | seed | result | when |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** @param {Result} result */
function row({ part, found, seconds }) {
  const date = new Date().toISOString().slice(0, 10);
  const when = `${date}, ${time(seconds)}, Node ${process.versions.node}, ${cpus().length} cores`;
  return `| ${part.name} | ${part.what} | ${part.seeded ? seed : ""} | ${found} | ${when} |`;
}

/** @param {number} seconds */
function time(seconds) {
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
