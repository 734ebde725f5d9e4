// docs/long-run.md is written by scripts/long.mjs, and only when all parts have passed.

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

test("the page of the long run says when it was, how long, where, and with which seed", () => {
  expect(page).toMatch(/: \d{4}-\d\d-\d\d, (in full|at 0\.\d+ of its length), Node [\d.]+, \d+ cores,\s+seed \d+\./);
});

test("it has a row for each part of the run, with its seed, what came of it, and how long it took", () => {
  const seed = /\bseed (\d+)\./.exec(page)?.[1];
  const names = rows.map(([, name = ""]) => name);
  expect(names).toEqual(expect.arrayContaining(["soak", "kills", "sessions", "payloads", "shop", "surroundings"]));
  for (const [, name = "", what, seedOfPart, result, took] of rows) {
    expect(parts.has(name), name).toBe(true);
    expect(seedOfPart, name).toBe(parts.get(name)?.seeded ? seed : "");
    for (const cell of [what, result]) expect(cell, name).toMatch(/\w{2}.* \w+/);
    expect(took, name).toMatch(/^\d+ min \d+ s$/);
  }
});

test("every program that a part runs is there", () => {
  const programs = [...parts.values()].map(({ command: [, program = ""] }) => program);
  expect(programs.filter((program) => !existsSync(new URL(program, root)))).toEqual([]);
});
