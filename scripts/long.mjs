// What takes too long for every change: soaks, thousands of kills, generated sessions and payloads, hostile traffic, and the
// tests again on every generation of nats-server and on newer Nodes. It writes docs/long-run.md, unless something fails.
//
//   node scripts/long.mjs                  all of it, in two hours or so
//   node scripts/long.mjs --scale 0.1      a tenth of each repetition, which the page then says
//   node scripts/long.mjs --seed 7         the seed of all parts; without it, any
//   node scripts/long.mjs soak kills       these parts only, and no page
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

await prepare();
mkdirSync(logs, { recursive: true });
const parts = partsOf(scale, seed).filter(({ name }) => positionals.length === 0 || positionals.includes(name));
/** @type {Result[]} */
const results = [];
for (const part of parts) results.push(await carriedOut(part));
const failed = results.filter(({ found }) => found === undefined);
for (const { part } of failed) say(`FAILED: ${part.name}, seed ${seed}: ${relative(root, logOf(part))}`);
process.exitCode = failed.length > 0 || parts.length === 0 ? 1 : 0;
if (process.exitCode === 0 && positionals.length === 0) {
  writeFileSync(join(root, "docs", "long-run.md"), page());
  say("Wrote docs/long-run.md");
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
  const rows = results.map(
    ({ part, found, seconds }) =>
      `| ${part.name} | ${part.what} | ${part.seeded ? seed : ""} | ${found} | ${time(seconds)} |`,
  );
  const length = scale === 1 ? "in full" : `at ${scale} of its length`;
  return `# The long run

What takes too long for every change runs before a release and after every larger change. This page is written by \`.ci/long\`, and
only when all of it has passed: ${new Date().toISOString().slice(0, 10)}, ${length}, Node ${process.versions.node}, ${cpus().length} cores,
seed ${seed}. \`node scripts/long.mjs --seed ${seed} soak\` does a part again, with the same faults, sessions and payloads; when they
meet which message, the machine decides.

| part | what | seed | result | took |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** @param {number} seconds */
function time(seconds) {
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
