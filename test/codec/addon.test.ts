// msgpackr's native addon is an optional dependency that Muove never loads.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const codec = new URL("../../packages/muove/dist/codec/index.js", import.meta.url).href;
const addons = "process.report.getReport().sharedObjects.filter((name) => name.endsWith('.node')).length";

const loadedBy = async (module: string): Promise<number> => {
  const program = `await import(${JSON.stringify(module)}); console.log(${addons});`;
  const options = { cwd: new URL("../", import.meta.url) };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], options);
  return Number(stdout);
};

test("the codec loads no native addon", async () => {
  expect(await loadedBy(codec)).toBe(0);
});

test("msgpackr's own entry loads one where it is installed, which shows that this would be seen", async () => {
  expect(await loadedBy("msgpackr")).toBe(1);
});
