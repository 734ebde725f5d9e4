import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNatsServer } from "@muove/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";

const run = promisify(execFile);
const folder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => /^\d\d-.+\.ts$/.test(name));

/** The output that an example promises: the comment lines after `// Output:`, to the end of the file. */
function promised(source: string, heading = "Output"): string {
  const [, rest] = source.split(`\n// ${heading}:\n`);
  const [block] = rest?.split("\n//\n// Output") ?? [];
  if (block === undefined) throw new Error("an example ends with a comment that starts with: // Output:");
  return `${block.trimEnd().replace(/^\/\/ ?/gm, "")}\n`;
}

test("the examples are numbered without a gap", () => {
  const numbers = examples.map((name) => Number(name.slice(0, 2)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

async function expectPromisedOutput(
  name: string,
  flags: readonly string[] = [],
  env = {},
  heading?: string,
): Promise<void> {
  const built = fileURLToPath(new URL(`dist/${name.replace(/\.ts$/, ".js")}`, folder));
  expect(existsSync(built), `${built} exists: npm test and npm run build build it`).toBe(true);
  const options = { timeout: 20_000, env: { ...process.env, ...env } };
  const { stdout, stderr } = await run(process.execPath, [...flags, built], options);
  expect(stdout).toBe(promised(readFileSync(new URL(name, folder), "utf8"), heading));
  expect(stderr).toBe("");
}

test.each(examples)(
  "%s prints the output that it promises, and ends by itself",
  async (name) => await expectPromisedOutput(name),
);

const program = natsServerThatKeepsMail();

test.skipIf(program === undefined)(
  "[needs nats-server 2.10 or later] letters are kept where there is JetStream",
  async () => {
    const server = await makeKit().nats({ on: "nats-server", jetStream: true, program: program as string });
    await expectPromisedOutput("12-letters.ts", [], { NATS_URL: server.url }, "Output with JetStream");
  },
);

describe.skipIf(!findNatsServer())("[needs nats-server] on nats-server instead of the embedded broker", () => {
  test.each(examples)("%s prints the same output", async (name) => {
    const log = join(mkdtempSync(join(tmpdir(), "muove-examples-")), "nats.log");
    onTestFinished(() => rmSync(join(log, ".."), { recursive: true }));
    const hook = new URL("./support/on-nats-server.mjs", import.meta.url).href;
    await expectPromisedOutput(name, ["--import", hook], { MUOVE_STARTED: log });
    expect(readFileSync(log, "utf8")).toContain("Server is ready");
  });
});
