// The second command: every test there is. What needs a real nats-server or Docker runs where one is found; what could
// not run is counted out loud at the end, with the reason. Arguments go to vitest (`npm test -- packages/contract`).
//
// With --quick first (`npm run quick`): unit and type tests, and what can be seen on the embedded broker without faults.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { quota, triedAgain } from "./report.mjs";
import { prepare, root, run, say } from "./workspace.mjs";

const quick = {
  projects: ["unit", "types", "system"],
  paths: ["packages/", "examples/", "test/codec", "test/conformance", "test/docs", "test/types", "test/vectors"],
};

const file = join(root, "node_modules", ".muove-test-report.json");
const isQuick = process.argv[2] === "--quick";
const rest = process.argv.slice(isQuick ? 3 : 2);
const projects = isQuick ? quick.projects.flatMap((name) => ["--project", name]) : [];
const paths = isQuick && rest.length === 0 ? quick.paths : rest;
// No program is called that: nothing starts a real server.
const env = isQuick ? { NATS_SERVER: "none-in-a-quick-run" } : {};

await prepare();
rmSync(file, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
const code = await run("vitest", ["run", ...reporters, ...projects, ...paths], { env });
const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
process.exitCode = report === undefined || summarise(report) ? code : code || 1;

/**
 * @param {import("./report.mjs").Report} report
 * @returns {boolean} whether no more tests were tried again than may be
 */
function summarise(report) {
  const { testResults, numPassedTests, numFailedTests } = report;
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== "passed" && status !== "failed"),
  );
  const again = triedAgain(report);
  say("");
  for (const line of again) say(line);
  for (const [reason, count] of countBy(skipped.map(reasonOf))) say(`Skipped: ${count} tests, ${reason}`);
  if (again.length > 0) say(`Tried again: ${again.length} of ${numPassedTests} that passed; ${quota} may be`);
  if (again.length > quota) say("Too many tests passed only when they were tried again: this run has failed.");
  say(`${numPassedTests} passed, ${numFailedTests} failed, ${skipped.length} skipped`);
  return again.length <= quota;
}

/**
 * A suite that cannot run everywhere says what it needs in its title: `[needs nats-server] …`.
 *
 * @param {import("./report.mjs").Test} test
 */
function reasonOf({ fullName }) {
  const need = /\[needs ([^\]]+)\]/.exec(fullName)?.[1];
  if (need === undefined) return "for a reason that they do not name";
  return `as they need ${need}, which ${isQuick ? "a quick run does without" : "was not found here"}`;
}

/** @param {readonly string[]} names */
function countBy(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
