import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNatsServer } from "@muove/testkit";
import { describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../dist/threats/hostile-traffic/main.js", import.meta.url));

/** The output of a run of ten seconds. It says what did not hold, and the seed that repeats the run. */
async function output(...args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [main, "--seconds", "10", ...args]);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  process.stdout.write(stdout);
  return stdout;
}

test("the system works under ten seconds of random hostile traffic on the embedded broker, and no outcome lies", {
  timeout: 120_000,
}, async () => {
  expect(await output("--embedded")).toMatch(/^Held, seed \d+/m);
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server]", () => {
  test("the system works under ten seconds of random hostile traffic, and no outcome lies", {
    timeout: 120_000,
  }, async () => {
    expect(await output()).toMatch(/^Held, seed \d+/m);
  });
});
