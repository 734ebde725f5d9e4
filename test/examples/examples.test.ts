import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNatsServer } from "@muove/testkit";
import { describe, expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const folder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => /^\d\d-.+\.ts$/.test(name));

/** The output that an example promises: the comment lines after `// Output:`, to the end of the file. */
function promised(source: string): string {
  const [, block] = source.split("\n// Output:\n");
  if (block === undefined) throw new Error("an example ends with a comment that starts with: // Output:");
  return block.replace(/^\/\/ ?/gm, "");
}

test("the examples are numbered without a gap", () => {
  const numbers = examples.map((name) => Number(name.slice(0, 2)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

async function expectPromisedOutput(name: string, flags: readonly string[] = [], env = {}): Promise<void> {
  const built = fileURLToPath(new URL(`dist/${name.replace(/\.ts$/, ".js")}`, folder));
  expect(existsSync(built), `${built} exists: npm test and npm run build build it`).toBe(true);
  const options = { timeout: 20_000, env: { ...process.env, ...env } };
  const { stdout, stderr } = await run(process.execPath, [...flags, built], options);
  expect(stdout).toBe(promised(readFileSync(new URL(name, folder), "utf8")));
  expect(stderr).toBe("");
}

test.each(examples)(
  "%s prints the output that it promises, and ends by itself",
  async (name) => await expectPromisedOutput(name),
);

describe.skipIf(!findNatsServer())("[needs nats-server] on nats-server instead of the embedded broker", () => {
  test.each(examples)("%s prints the same output", async (name) => {
    const log = join(mkdtempSync(join(tmpdir(), "muove-examples-")), "nats.log");
    onTestFinished(() => rmSync(join(log, ".."), { recursive: true }));
    const hook = new URL("./support/on-nats-server.mjs", import.meta.url).href;
    await expectPromisedOutput(name, ["--import", hook], { MUOVE_STARTED: log });
    expect(readFileSync(log, "utf8")).toContain("Server is ready");
  });
});
