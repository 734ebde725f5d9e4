// What vitest reports as JSON, as far as these scripts read it.
import { relative } from "node:path";
import { root } from "./workspace.mjs";

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[], duration?: number }} Test
 * @typedef {{ name: string, message?: string, assertionResults: Test[] }} File
 * @typedef {{ testResults: File[], numPassedTests: number, numFailedTests: number }} Report
 */

/** How many tests of one run may pass only when they are tried again. With more of them, something is wrong. */
export const quota = 5;

/**
 * What failed at first and passed when it was tried again, a line each: nobody shall take that for a plain success. Only CI
 * tries again, and only tests of faults (see vitest.config.ts). vitest keeps what was wrong the first time with a test that
 * passed.
 *
 * @param {Report} report
 */
export function triedAgain({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages = [] }) => status === "passed" && failureMessages.length > 0)
      .map(({ fullName, failureMessages = [] }) => {
        const why = failureMessages[0]?.split("\n")[0] ?? "";
        return `Passed when tried again: ${relative(root, name)}: ${fullName}: ${why}`;
      }),
  );
}
