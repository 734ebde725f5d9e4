// Runs the failure table and writes docs/failures.md from what was measured.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { prepare, root, run, say } from "./workspace.mjs";

/**
 * @typedef {{ id: string, title: string, on: "embedded" | "nats-server", what: string, value: number, unit: string }} Figure
 * @typedef {{ fault: string, promise: string, embedded: boolean }} Row
 */

const folder = join(root, "node_modules", ".muove-failures");
const tests = join(root, "test", "failures");

await prepare();
rmSync(folder, { recursive: true, force: true });
const code = await run("vitest", ["run", "--project", "failures"]);
if (code === 0) {
  writeFileSync(join(root, "docs", "failures.md"), page(await rowsOfTheTable(), figuresOfTheRun()));
  say("Wrote docs/failures.md");
}
process.exitCode = code;

/** @returns {Promise<Record<string, Row>>} */
async function rowsOfTheTable() {
  const code = await run("tsc", ["-p", join(tests, "tsconfig.rows.json")]);
  if (code !== 0) throw new Error("the rows of the failure table do not compile");
  return (await import(join(folder, "rows.js"))).rows;
}

/** @returns {Figure[]} */
function figuresOfTheRun() {
  const file = join(folder, "figures.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * @param {Record<string, Row>} rows
 * @param {readonly Figure[]} figures
 */
function page(rows, figures) {
  const files = readdirSync(tests).filter((name) => name.endsWith(".test.ts"));
  const lines = Object.entries(rows).map(([id, row]) => line(id, row, figures, files));
  return `# What happens when things go wrong

Each row is a test that injects the fault for real: a killed or stopped process, a cut or silent connection, hostile bytes.
\`npm run failures\` runs those tests and writes this page: Node ${process.versions.node}, ${cpus().length} cores, loopback,
${new Date().toISOString().slice(0, 10)}. Figures come from that run and vary with the machine; the tests check outcomes, and generous multiples of the
promised bounds. *embedded* is the broker that comes with Muove, *nats-server* a stock one.

| row | fault | promise | measured | test |
|---|---|---|---|---|
${lines.join("\n")}
`;
}

/**
 * @param {string} id
 * @param {Row} row
 * @param {readonly Figure[]} figures
 * @param {readonly string[]} files
 */
function line(id, { fault, promise }, figures, files) {
  const padded = `F${id.slice(1).padStart(2, "0")}-`;
  const links = files
    .filter((name) => name.startsWith(padded))
    .map((name) => `[${name.slice(0, 3)}](../test/failures/${name})`);
  const whats = [...new Set(figures.filter((figure) => figure.id === id).map(({ what }) => what))];
  const measured = whats.map((what) => `${what}: ${byBroker(figures.filter((f) => f.id === id && f.what === what))}`);
  return `| ${id} | ${fault} | ${promise} | ${measured.join("<br>") || "outcomes only"} | ${links.join(", ")} |`;
}

/** @param {readonly Figure[]} figures */
function byBroker(figures) {
  return figures.map(({ on, value, unit }) => `${round(value)} ${unit} (${on})`).join(", ");
}

/** @param {number} value */
function round(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 10) / 10);
}
