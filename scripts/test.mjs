// The second command: every test there is. What needs a real nats-server or Docker runs where one is found; what could
// not run is counted out loud at the end, with the reason. Arguments go to vitest (`npm test -- packages/contract`).
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run, say } from "./workspace.mjs";

const report = join(root, "node_modules", ".muove-test-report.json");

await prepare();
rmSync(report, { force: true });
const code = await run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
summarise(JSON.parse(readFileSync(report, "utf8")));
process.exitCode = code;

/**
 * @typedef {{ status: string, fullName: string }} Test
 * @param {{ testResults: { assertionResults: Test[] }[], numPassedTests: number, numFailedTests: number }} report
 */
function summarise({ testResults, numPassedTests, numFailedTests }) {
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== "passed" && status !== "failed"),
  );
  say("");
  for (const [reason, count] of countBy(skipped.map(reasonOf))) say(`Skipped: ${count} tests, ${reason}`);
  say(`${numPassedTests} passed, ${numFailedTests} failed, ${skipped.length} skipped`);
}

/**
 * A suite that cannot run everywhere says what it needs in its title: `[needs nats-server] …`.
 *
 * @param {Test} test
 */
function reasonOf({ fullName }) {
  const need = /\[needs ([^\]]+)\]/.exec(fullName)?.[1];
  return need ? `as they need ${need}, which was not found here` : "for a reason that they do not name";
}

/** @param {readonly string[]} names */
function countBy(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
