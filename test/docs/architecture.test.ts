import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("ARCHITECTURE.md", root), "utf8");
const named = [...page.matchAll(/`((?:packages|examples|test|docs)(?:\/[\w.-]+)*)`/g)].map(([, path = ""]) => path);

test("every path that the map names is there", () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test.each(["packages/muove/src", "packages/broker/src"])("the map has every folder of %s", (folder) => {
  const folders = readdirSync(new URL(folder, root), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const missing = folders.map(({ name }) => `${folder}/${name}`).filter((path) => !named.includes(path));
  expect(missing).toEqual([]);
});

test("every script that the pages name is there", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { scripts: object };
  const pages = ["README.md", "CONTRIBUTING.md", "docs/guide.md"].map((path) =>
    readFileSync(new URL(path, root), "utf8"),
  );
  const names = [...pages.join("\n").matchAll(/`npm (?:run )?([a-z]+)|^npm ([a-z]+)/gm)].map(
    ([, inText, inBlock]) => inText ?? inBlock ?? "",
  );
  expect(names).toContain("start");
  expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test("codec and link look at no other folder of the SDK", () => {
  for (const folder of ["codec", "link"]) {
    const files = readdirSync(new URL(`packages/muove/src/${folder}`, root)).filter((name) => !name.includes(".test."));
    for (const file of files) {
      const source = readFileSync(new URL(`packages/muove/src/${folder}/${file}`, root), "utf8");
      expect(
        [...source.matchAll(/from "(\.\.\/[^"]+)"/g)].map(([, path]) => path),
        `${folder}/${file}`,
      ).toEqual([]);
    }
  }
});
