import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { refreshed, withoutSource } from "./markdown.js";

const root = new URL("../../", import.meta.url);
const fileOf = (path: string): string => fileURLToPath(new URL(path, root));
const markdownIn = (folder: string): string[] =>
  readdirSync(fileOf(folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}${name}`);

const pages = [
  ...[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "packages/contract/README.md",
    "packages/muove/README.md",
  ],
  ...markdownIn("docs/"),
  ...markdownIn("docs/decisions/"),
];

describe.each(pages)("%s", (path) => {
  const page = readFileSync(fileOf(path), "utf8");

  // To update a page after its source has changed: npm test -- test/docs -u
  test("shows code as it is in its source files", async () => {
    await expect(refreshed(page)).toMatchFileSnapshot(fileOf(path));
  });

  test("shows no code without a source file", () => {
    expect(withoutSource(page).filter((language) => ["ts", "js", "tsx", "typescript"].includes(language))).toEqual([]);
  });

  test("links only to existing files and headings", () => {
    const links = [...page.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, link = ""]) => link,
    );
    const inside = links.filter((link) => !/^[a-z]+:/.test(link));
    const broken = inside.filter((link) => !leadsSomewhere(link, path));
    expect(broken).toEqual([]);
  });
});

test("programs and tests refer only to existing pages", () => {
  const folders = ["packages", "test", "examples", "scripts"];
  const files = folders.flatMap((folder) => filesIn(folder)).filter((path) => /\.(ts|mjs|sh)$/.test(path));
  expect(files.length).toBeGreaterThan(300);
  const broken = files.flatMap((path) => pagesIn(path).map((page) => `${path}: ${page}`));
  expect(broken).toEqual([]);
});

function filesIn(folder: string): string[] {
  return readdirSync(fileOf(folder), { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist"].includes(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** The missing pages that a file names by their path from the root, or by a name in capitals. */
function pagesIn(path: string): string[] {
  const text = readFileSync(fileOf(path), "utf8");
  const byPath = [...text.matchAll(/(?<![\w./-])(?:docs|packages|test|examples)\/[\w./-]+\.md\b/g)].map(
    ([page]) => page,
  );
  const byName = [...text.matchAll(/\b([A-Z]{4,})(?:\.md\b|, section \d)/g)].map(([, name]) => `${name}.md`);
  return [...byPath, ...byName].filter((page) => !existsSync(fileOf(page)));
}

function leadsSomewhere(link: string, from: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? new URL(from, root) : new URL(path, new URL(from, root));
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor);
}

/** Anchors as GitHub makes them from headings, and those set by hand. */
function anchorsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  const byHand = [...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return [
    ...headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replace(/ /g, "-"),
    ),
    ...byHand,
  ];
}
