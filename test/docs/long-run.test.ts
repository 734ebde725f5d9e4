// scripts/long.mjs writes docs/long-run.md from parts that have passed.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Part {
  readonly name: string;
  readonly seeded: boolean;
  readonly command: readonly string[];
}

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/long-run.md", root), "utf8");
const script: { partsOf(scale: number, seed: number): readonly Part[] } = await import(
  new URL("scripts/long-parts.mjs", root).href
);
const parts = new Map(script.partsOf(1, 1).map((part) => [part.name, part]));

const [, ...rows] = page
  .split("\n")
  .filter((line) => /^\| \w/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the page has a row for each part of the long run, in order", () => {
  expect(rows.map(([, name]) => name)).toEqual([...parts.keys()]);
});

test("a row says what was done, with which seed, the result, when and where, or that it has not been run", () => {
  for (const [, name = "", what, seed, result, when] of rows) {
    expect(what, name).toMatch(/\w+ \w+/);
    if (result === "not run yet") continue;
    expect(seed, name).toMatch(parts.get(name)?.seeded ? /^\d+$/ : /^$/);
    expect(result, name).toMatch(/\w+ .*\w+/);
    expect(when, name).toMatch(/^\d{4}-\d\d-\d\d, \d+ min \d+ s, Node [\d.]+, \d+ cores$/);
  }
});

test("every program that a part runs exists", () => {
  const programs = [...parts.values()].map(({ command: [, program = ""] }) => program);
  expect(programs.filter((program) => !existsSync(new URL(program, root)))).toEqual([]);
});
