// Runs suites of tests again in another surrounding, such as with another nats-server or another Node, and tells in a table
// what came of them.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { quota, triedAgain } from "./report.mjs";
import { root, say } from "./workspace.mjs";

/**
 * @typedef {{ projects: readonly string[], paths?: readonly string[], only?: string }} Run
 *   of vitest: some of its projects, less what is in none of the paths, less what is not named so
 * @typedef {{ passed: number, failed: number, ms: number }} Result
 * @typedef {Map<string, Result>} Results by the folder of the test, such as `test/link`
 * @typedef {import("./report.mjs").Report} Report
 */

/** How long a test may take that does not say it itself, in ms. */
const patience = 60_000;

const logs = join(root, "node_modules", ".muove-suites");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

/**
 * @param {string} name of the surrounding
 * @param {readonly Run[]} runs one after the other
 * @param {{ node?: string, env?: Record<string, string> }} surrounding
 * @returns {Promise<Results>}
 */
export async function suites(name, runs, { node = process.execPath, env = {} }) {
  mkdirSync(logs, { recursive: true });
  /** @type {Results} */
  const results = new Map();
  for (const { projects, paths = [], only } of runs) {
    const started = performance.now();
    const project = projects.join(" and ");
    const base = join(logs, `${name} ${project}`.replaceAll(/[^\w.]+/g, "-"));
    rmSync(`${base}.json`, { force: true });
    const args = [vitest, "run", "--reporter=default", "--reporter=json"];
    args.push(...projects.flatMap((one) => ["--project", one]));
    // Slowness is no failure here: a test that has a bound of its own keeps it.
    args.push(`--testTimeout=${patience}`);
    if (only !== undefined) args.push("--testNamePattern", only);
    const code = await logged(node, [...args, `--outputFile.json=${base}.json`, ...paths], env, `${base}.log`);
    const report = existsSync(`${base}.json`) ? JSON.parse(readFileSync(`${base}.json`, "utf8")) : undefined;
    if (report !== undefined) count(report, results);
    const failures = report === undefined ? [] : failed(report);
    for (const failure of failures) say(`  ${name}: FAILED ${failure}`);
    const again = report === undefined ? [] : triedAgain(report);
    for (const line of again) say(`  ${name}: ${line}`);
    const tooMany = `${project}, tried again more than ${quota} tests`;
    if (again.length > quota) add(results, tooMany, { passed: 0, failed: 1, ms: 0 });
    // What fails outside of any test, or what ran nothing at all, must not look like a success.
    if (code !== 0 && failures.length === 0)
      add(results, `${project}, exit code ${code}`, { passed: 0, failed: 1, ms: 0 });
    for (const path of paths) {
      if (!results.has(path)) add(results, path, { passed: 0, failed: 1, ms: 0 });
    }
    const seconds = Math.round((performance.now() - started) / 1_000);
    say(`  ${name}: ${project} in ${seconds} s${code === 0 ? "" : `, exit code ${code}`}: ${relative(root, base)}.log`);
  }
  return results;
}

/**
 * Prints surroundings × suites.
 *
 * @param {ReadonlyMap<string, Results>} all
 * @returns {boolean} whether everything passed
 */
export function table(all) {
  const names = [...new Set([...all.values()].flatMap((results) => [...results.keys()]))].sort();
  const head = ["", ...names];
  const rows = [...all].map(([name, results]) => [name, ...names.map((suite) => cell(results.get(suite)))]);
  // One line for each suite: there are more of them than surroundings.
  const lines = head.map((_, i) => [head[i] ?? "", ...rows.map((row) => row[i] ?? "")]);
  const width = (/** @type {number} */ column) => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  say("");
  for (const line of lines)
    say(
      line
        .map((text, column) => text.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    );
  return [...all.values()].every((results) => [...results.values()].every((result) => result.failed === 0));
}

/** @param {Result | undefined} result */
function cell(result) {
  if (result === undefined) return "-";
  const failed = result.failed > 0 ? `, ${result.failed} FAILED` : "";
  return `${result.passed} passed${failed}, ${Math.round(result.ms / 1_000)} s`;
}

/**
 * @param {Report} report
 * @param {Results} results
 */
function count({ testResults }, results) {
  for (const { name, assertionResults } of testResults) {
    const ran = assertionResults.filter(({ status }) => status === "passed" || status === "failed");
    if (ran.length === 0) continue;
    const passed = ran.filter(({ status }) => status === "passed").length;
    const ms = ran.reduce((sum, { duration = 0 }) => sum + duration, 0);
    add(results, suiteOf(name), { passed, failed: ran.length - passed, ms });
  }
}

/**
 * @param {Results} results
 * @param {string} suite
 * @param {Result} more
 */
function add(results, suite, more) {
  const { passed, failed, ms } = results.get(suite) ?? { passed: 0, failed: 0, ms: 0 };
  results.set(suite, { passed: passed + more.passed, failed: failed + more.failed, ms: ms + more.ms });
}

/**
 * The folder in test/, or the package.
 *
 * @param {string} file
 */
function suiteOf(file) {
  return relative(root, file).split(/[\\/]/).slice(0, 2).join("/");
}

/** @param {Report} report */
function failed({ testResults }) {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === "failed");
    if (tests.length === 0) return message ? [`${relative(root, name)}: ${message.split("\n")[0]}`] : [];
    return tests.map(
      ({ fullName, failureMessages = [] }) =>
        `${relative(root, name)}: ${fullName}: ${failureMessages[0]?.split("\n")[0] ?? ""}`,
    );
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {string} file for what it prints
 * @returns {Promise<number>} its exit code
 */
function logged(command, args, env, file) {
  const log = createWriteStream(file);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => log.end(() => resolve(code ?? 1)));
  });
}
