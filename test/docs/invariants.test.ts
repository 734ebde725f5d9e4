import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Place {
  readonly name: string;
  readonly path: string;
}

const root = new URL("../../", import.meta.url);
const name = /\b[A-Z]{3,}(?:-[A-Z]+)*-\d{1,2}\b/g;
/** An invariant begins a line of a comment, followed by its text. */
const definition = /^(?: \*|\/\/) ([A-Z]+(?:-[A-Z]+)*-?\d{1,2})\.? +\S/gm;
/** Names of the same form that are not invariants. */
const foreign = /^(?:UTF|SHA|ADR|ECMA|ISO|RFC)-/;

const folders = readdirSync(new URL("packages", root)).map((folder) => `packages/${folder}/src`);
const files = [...folders, "test"].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/node_modules|dist\/|releases\//.test(path))
    .map((path) => `${folder}/${path}`),
);
const texts = new Map([...files, "ARCHITECTURE.md"].map((path) => [path, readFileSync(new URL(path, root), "utf8")]));

const all = [...texts].filter(([path]) => path !== "test/docs/invariants.test.ts");
const defined = all
  .filter(([path]) => !path.includes(".test."))
  .flatMap(([path, text]) => [...text.matchAll(definition)].map(([, found = ""]): Place => ({ name: found, path })));
const cited = all.flatMap(([path, text]) => [...text.matchAll(name)].map(([found]): Place => ({ name: found, path })));

const prefix = (place: Place): string => place.name.replace(/-?\d+$/, "");

test("the name of an invariant is a noun of at least three letters and a number", () => {
  expect(defined.length).toBeGreaterThan(100);
  expect(defined.filter((place) => place.name.match(name) === null)).toEqual([]);
});

test("no two invariants have the same name, and no two files the same noun", () => {
  const names = new Map<string, string>();
  const nouns = new Map<string, string>();
  const twice = defined.filter((place) => {
    const again = names.has(place.name) || (nouns.get(prefix(place)) ?? place.path) !== place.path;
    names.set(place.name, place.path);
    nouns.set(prefix(place), place.path);
    return again;
  });
  expect(twice).toEqual([]);
});

test("the invariants of a file count up from 1", () => {
  const counts = new Map<string, number>();
  const wrong = defined.filter((place) => {
    const expected = (counts.get(prefix(place)) ?? 0) + 1;
    counts.set(prefix(place), expected);
    return place.name !== `${prefix(place)}-${expected}`;
  });
  expect(wrong).toEqual([]);
});

test("every invariant cited in code, tests or the map is defined", () => {
  const known = new Set(defined.map((place) => place.name));
  const unknown = cited.filter((place) => !known.has(place.name) && !foreign.test(place.name));
  expect(unknown).toEqual([]);
});
