import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../dist/soak/main.js", import.meta.url));

test("ten seconds of random faults, and nobody is lied to", { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--seconds", "10"]);
  expect(stdout).toMatch(/once: ok/);
  expect(stdout).toMatch(/No lies, seed \d+/);
});
