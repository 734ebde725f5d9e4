import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const folder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => /^\d\d-.+\.ts$/.test(name));

/** What an example says that it prints: the comment lines after `// Output:`, to the end of the file. */
function promised(source: string): string {
  const [, block] = source.split("\n// Output:\n");
  if (block === undefined) throw new Error("an example ends with a comment that starts with: // Output:");
  return block.replace(/^\/\/ ?/gm, "");
}

test("the examples are numbered without a gap", () => {
  const numbers = examples.map((name) => Number(name.slice(0, 2)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test.each(examples)("%s prints what it says, and ends by itself", async (name) => {
  const built = fileURLToPath(new URL(`dist/${name.replace(/\.ts$/, ".js")}`, folder));
  expect(existsSync(built), `${built} is there: npm test builds it, and so does npm run build`).toBe(true);
  const { stdout, stderr } = await run(process.execPath, [built], { timeout: 20_000 });
  expect(stdout).toBe(promised(readFileSync(new URL(name, folder), "utf8")));
  expect(stderr).toBe("");
});
