import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { refreshed, withoutSource } from "../docs/markdown.js";
import { makeKit } from "../support/kit.js";
import { service } from "./support.js";

const readme = fileURLToPath(new URL("../../packages/testkit/README.md", import.meta.url));

// To bring the page up to date after its source has changed: npm test -- test/testkit/readme -u
it("shows only code that comes from the files it names", async () => {
  const page = readFileSync(readme, "utf8");
  await expect(refreshed(page)).toMatchFileSnapshot(readme);
  expect(withoutSource(page).filter((language) => language !== "sh")).toEqual([]);
});

it("has a complete example that runs", async () => {
  await import("./readme/whole.js");
});

it("has a service that answers the test's questions", async () => {
  const asked = await makeKit().service({ entry: service("asked"), nats: "nats://127.0.0.1:1" });
  await asked.ready;
  expect(await asked.ask("status")).toMatch(/connecting|down/);
  expect(await asked.ask("double", 21)).toBe(42);
});
