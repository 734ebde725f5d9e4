import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../dist/soak/main.js", import.meta.url));

test("no outcome lies in ten seconds of random faults", { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--seconds", "10"]);
  expect(stdout).toMatch(/once: ok/);
  expect(stdout).toMatch(/No lies, seed \d+/);
});
