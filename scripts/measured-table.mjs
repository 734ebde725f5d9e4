// Runs the tests of a table (test/<table>, whose rows are in its support/rows.ts) and writes docs/<table>.md from what was
// measured. Shared by failures.mjs and threats.mjs.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { prepare, root, run, say } from "./workspace.mjs";

/**
 * @typedef {{ id: string, title: string, on: "embedded" | "nats-server", what: string, value: number, unit: string }} Figure
 * @typedef {{ name: "failures" | "threats", letter: "F" | "T", columns: Record<string, string>, page: (table: string, surroundings: string) => string }} Table
 *   `letter` is what its rows' ids begin with; `columns` are the fields of a row, each with its heading; `page` puts text around it
 */

/** @param {Table} table */
export async function writeTable(table) {
  const folder = join(root, "node_modules", `.muove-${table.name}`);
  await prepare();
  rmSync(folder, { recursive: true, force: true });
  const code = await run("vitest", ["run", "--project", table.name]);
  if (code === 0) {
    const text = table.page(await markdown(table, folder), surroundings());
    writeFileSync(join(root, "docs", `${table.name}.md`), text);
    say(`Wrote docs/${table.name}.md`);
  }
  process.exitCode = code;
}

function surroundings() {
  return `Node ${process.versions.node}, ${cpus().length} cores, loopback,\n${new Date().toISOString().slice(0, 10)}`;
}

/**
 * @param {Table} table
 * @param {string} folder
 */
async function markdown(table, folder) {
  const rows = await rowsOf(table, folder);
  const figures = figuresIn(folder);
  const heads = ["row", ...Object.values(table.columns), "measured", "test"];
  const lines = Object.entries(rows).map(([id, row]) => line(table, id, row, figures));
  return [`| ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length)}`, ...lines].join("\n");
}

/**
 * @param {Table} table
 * @param {string} folder
 * @returns {Promise<Record<string, Record<string, string>>>}
 */
async function rowsOf(table, folder) {
  const code = await run("tsc", ["-p", join(root, "test", table.name, "tsconfig.rows.json")]);
  if (code !== 0) throw new Error(`the rows of docs/${table.name}.md do not compile`);
  return (await import(join(folder, "rows.js"))).rows;
}

/**
 * @param {string} folder
 * @returns {Figure[]}
 */
function figuresIn(folder) {
  const file = join(folder, "figures.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * @param {Table} table
 * @param {string} id
 * @param {Record<string, string>} row
 * @param {readonly Figure[]} figures
 */
function line({ name, letter, columns }, id, row, figures) {
  const padded = `${letter}${id.slice(1).padStart(2, "0")}-`;
  const links = readdirSync(join(root, "test", name))
    .filter((file) => file.startsWith(padded) && file.endsWith(".test.ts"))
    .map((file) => `[${file.slice(0, 3)}](../test/${name}/${file})`);
  const whats = [...new Set(figures.filter((figure) => figure.id === id).map(({ what }) => what))];
  const measured = whats.map((what) => `${what}: ${byBroker(figures.filter((f) => f.id === id && f.what === what))}`);
  const cells = Object.keys(columns).map((column) => row[column] ?? "");
  return `| ${[id, ...cells, measured.join("<br>") || "outcomes only", links.join(", ")].join(" | ")} |`;
}

/** @param {readonly Figure[]} figures */
function byBroker(figures) {
  return figures.map(({ on, value, unit }) => `${round(value)} ${unit} (${on})`).join(", ");
}

/** @param {number} value */
function round(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 10) / 10);
}
