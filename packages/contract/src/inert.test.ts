import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL(".", import.meta.url);
const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.includes(".test"));

test.each(sources)("%s imports only its neighbours and the types of Standard Schema", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)];
  const foreign = imports.filter(([, from]) => !from?.startsWith("./"));
  for (const [statement, from] of foreign) {
    expect(from).toBe("@standard-schema/spec");
    expect(statement).toMatch(/^import type /);
  }
  expect(text).not.toMatch(/\b(?:import|require)\(|^import "|\b(?:process|Buffer|setTimeout|fetch)\b/m);
});

test("the test above found the sources", () => {
  expect(sources).toContain("index.ts");
  expect(sources.length).toBeGreaterThan(8);
});
