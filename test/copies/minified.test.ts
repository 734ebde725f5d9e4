// A bundle whose names a minifier took away.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { expect, onTestFinished, test } from "vitest";
import type { Muove } from "./support/second-copy.js";

const sources = new URL("../../packages/", import.meta.url);

/** Bundles and minifies the SDK and its contract; their dependencies stay outside. */
async function minified(): Promise<Muove> {
  const folder = mkdtempSync(fileURLToPath(new URL("muove/dist/.minified-", sources)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bundle = await rolldown({
    input: fileURLToPath(new URL("muove/dist/index.js", sources)),
    external: (id) => !id.startsWith(".") && !id.startsWith("/") && !id.startsWith("@muove/"),
    treeshake: false,
  });
  const file = join(folder, "muove.js");
  await bundle.write({ file, minify: true });
  await bundle.close();
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

test("errors keep their names in a bundle that was minified", async () => {
  const muove = await minified();
  const errors: [string, Error][] = [
    ["InvalidContract", new muove.InvalidContract("This", [])],
    ["InvalidOptions", new muove.InvalidOptions("This", [])],
    ["InvalidInput", new muove.InvalidInput("m.x", [])],
    ["TooLarge", new muove.TooLarge("m.x", 2, 1)],
    ["Unencodable", new muove.Unencodable("a function")],
    ["FallbackError", new muove.FallbackError("late")],
    ["CallError", new muove.CallError({ message: "", status: "unavailable" } as never)],
  ];
  expect(errors.map(([, { name }]) => name)).toEqual(errors.map(([name]) => name));
  expect(errors.map(([, error]) => error.constructor.name)).not.toContain("InvalidContract");
});
