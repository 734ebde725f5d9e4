// CI retries tests of faults. They are listed one by one, so that it retries nothing else.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faults } from "../support/faults.js";

const root = new URL("../../", import.meta.url);

test("every listed test of faults exists", () => {
  const places = faults.map((path) => path.replace("/**/*.test.ts", "/"));
  expect(places.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test("every listed test kills, stops, stalls or cuts something", () => {
  const files = faults.filter((path) => !path.includes("*"));
  const injects =
    /\.(kill|stop|terminate|cut|stall|lameDuck|pause|blackHole)\(|\bkill\("|SIG(KILL|STOP|INT|TERM)|blockLoop|soak/;
  expect(files.filter((path) => !injects.test(readFileSync(new URL(path, root), "utf8")))).toEqual([]);
});
