import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("ARCHITECTURE.md", root), "utf8");
const named = [...page.matchAll(/`((?:packages|examples|test|docs)(?:\/[\w.-]+)*)`/g)].map(([, path = ""]) => path);

test("every path on the map exists", () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test.each(["packages/muove/src", "packages/broker/src"])("the map names every folder of %s", (folder) => {
  const folders = readdirSync(new URL(folder, root), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const missing = folders.map(({ name }) => `${folder}/${name}`).filter((path) => !named.includes(path));
  expect(missing).toEqual([]);
});

test("every npm script in the pages exists", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { scripts: object };
  const pages = ["README.md", "CONTRIBUTING.md", "docs/guide.md"].map((path) =>
    readFileSync(new URL(path, root), "utf8"),
  );
  const names = [...pages.join("\n").matchAll(/`npm (?:run )?([a-z]+)|^npm ([a-z]+)/gm)].map(
    ([, inText, inBlock]) => inText ?? inBlock ?? "",
  );
  expect(names).toContain("start");
  const known = { ...scripts, install: "npm's own" };
  expect(names.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
});

describe("walls", () => {
  const lists = /```text walls\n([^`]+)```/.exec(page)?.[1]?.trim().split("\n") ?? [];
  const walls = lists.map((line): [name: string, rooms: readonly string[]] => {
    const [name = "", rooms = ""] = line.split(": ");
    return [name, rooms.split(" ")];
  });

  test("are listed for every package", () => {
    const packages = readdirSync(new URL("packages", root)).filter((name) => existsSync(sources(name)));
    expect(walls.map(([name]) => name).sort()).toEqual(packages.sort());
  });

  test.each(walls)("of %s list every room once", (name, rooms) => {
    const there = new Set(filesOf(name).map(roomOf));
    expect([...rooms].sort()).toEqual([...there].sort());
  });

  test.each(walls)("of %s allow no import from the left, types included", (name, rooms) => {
    const up = importsOf(name).filter(({ from, to }) => rooms.indexOf(roomOf(to)) < rooms.indexOf(roomOf(from)));
    expect(up.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test.each(walls)("of %s allow no circular imports of files", (name) => {
    expect(circlesOf(importsOf(name))).toEqual([]);
  });

  test("are checked by functions that find imports and circles", () => {
    const [a, b, c] = [
      { from: "a.ts", to: "b.ts" },
      { from: "b.ts", to: "c.ts" },
      { from: "c.ts", to: "a.ts" },
    ] as const;
    expect(circlesOf([a, b])).toEqual([]);
    expect(circlesOf([a, b, c])).not.toEqual([]);
    expect(importsOf("muove").length).toBeGreaterThan(300);
  });
});

describe("the way of a message", () => {
  const ways = [...page.matchAll(/^### (.+)\n\n((?:\d+\. .*\n)+)/gm)].map(([, name = "", list = ""]) => {
    const stops = [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = ""]) => path);
    return [name, stops] as const;
  });

  test("is listed for calls, keys, everyone, casts and events", () => {
    expect(ways.map(([name]) => name)).toEqual(
      expect.arrayContaining(["A call", "A call by key", "A call to everyone", "A cast", "An event", "Its reply"]),
    );
  });

  test.each(ways)("of %s has at most a dozen stops, which exist and differ", (_, stops) => {
    expect(stops.length).toBeGreaterThan(3);
    expect(stops.length).toBeLessThanOrEqual(12);
    expect(new Set(stops).size).toBe(stops.length);
    expect(stops.filter((path) => !existsSync(new URL(`packages/muove/src/${path}`, root)))).toEqual([]);
  });
});

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = (name: string): URL => new URL(`packages/${name}/src/`, root);

/** The sources of a package without its tests, as paths from `src`. */
function filesOf(name: string): string[] {
  const all = readdirSync(sources(name), { recursive: true, encoding: "utf8" });
  return all.map((path) => path.replaceAll("\\", "/")).filter((path) => /(?<!\.test|\.test-d|\.d)\.ts$/.test(path));
}

/** The folder of a file, or the file itself if it stands beside the folders. */
const roomOf = (path: string): string => (path.split("/")[0] ?? "").replace(/\.ts$/, "");

function importsOf(name: string): Import[] {
  return filesOf(name).flatMap((from) => {
    const source = readFileSync(new URL(from, sources(name)), "utf8");
    const paths = [...source.matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, path = ""]) => path);
    return paths.map((path) => ({
      from,
      to: new URL(path, `file:///${from}`).pathname.slice(1).replace(/\.js$/, ".ts"),
    }));
  });
}

/** Files on circles of imports: those left after removing, again and again, files without imports or importers. */
function circlesOf(imports: readonly Import[]): string[] {
  let left = [...imports];
  for (;;) {
    const [importers, imported] = [new Set(left.map(({ from }) => from)), new Set(left.map(({ to }) => to))];
    const staying = left.filter(({ from, to }) => importers.has(to) && imported.has(from));
    if (staying.length === left.length) return [...new Set(left.map(({ from }) => from))];
    left = staying;
  }
}
