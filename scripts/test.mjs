// The second command: every test there is. What needs a real nats-server or Docker runs where one is found; what could
// not run is counted out loud at the end, with the reason. Arguments go to vitest (`npm test -- packages/contract`).
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { triedAgain } from "./report.mjs";
import { prepare, root, run, say } from "./workspace.mjs";

const file = join(root, "node_modules", ".muove-test-report.json");

await prepare();
rmSync(file, { force: true });
const code = await run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${file}`,
  ...process.argv.slice(2),
]);
summarise(JSON.parse(readFileSync(file, "utf8")));
process.exitCode = code;

/** @param {import("./report.mjs").Report} report */
function summarise(report) {
  const { testResults, numPassedTests, numFailedTests } = report;
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== "passed" && status !== "failed"),
  );
  say("");
  for (const again of triedAgain(report)) say(again);
  for (const [reason, count] of countBy(skipped.map(reasonOf))) say(`Skipped: ${count} tests, ${reason}`);
  say(`${numPassedTests} passed, ${numFailedTests} failed, ${skipped.length} skipped`);
}

/**
 * A suite that cannot run everywhere says what it needs in its title: `[needs nats-server] …`.
 *
 * @param {import("./report.mjs").Test} test
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
