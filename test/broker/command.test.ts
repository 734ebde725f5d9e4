// The command `muove-broker`, run as its own process.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { RawClient } from "../support/raw-client.js";
import { hello } from "./scripts/say.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let running: ChildProcess[] = [];

// Built into a temporary folder, so that the test neither runs a stale build nor replaces one that is in use.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "muove-broker-"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [
    compiler,
    "-p",
    join(root, "packages/broker/tsconfig.build.json"),
    "--outDir",
    folder,
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: string;
  errors: string;
}

function command(...args: string[]): Run {
  const child = spawn(process.execPath, [join(folder, "bin.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  const ended = once(child, "close").then(([code]) => code as number | null);
  const run: Run = { child, ended, output: "", errors: "" };
  child.stdout?.on("data", (chunk) => {
    run.output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    run.errors += chunk;
  });
  return run;
}

async function listening(run: Run): Promise<number> {
  await expect
    .poll(() => run.output, { timeout: 10_000 })
    .toMatch(/^muove-broker listens on nats:\/\/127\.0\.0\.1:\d+\n$/);
  return Number(/(\d+)\n$/.exec(run.output)?.[1]);
}

it("is there before the first build, when package managers link it, and runs what the build makes", async () => {
  const { bin } = JSON.parse(await readFile(join(root, "packages/broker/package.json"), "utf8"));
  const linked: string = bin["muove-broker"];
  expect(linked).not.toMatch(/dist/);
  const text = await readFile(join(root, "packages/broker", linked), "utf8");
  expect(text).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(text).toContain('import "../dist/bin.js";');
});

describe("muove-broker", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("prints its URL, and exits with 0 on %s", async (signal) => {
    const run = command("--port", "0");
    const client = await RawClient.open(await listening(run));
    client.send(hello());
    await client.fence();
    run.child.kill(signal);
    expect(await run.ended).toBe(0);
    expect(await client.until(() => client.closed)).toBe(true);
    expect(run.errors).toBe("");
  });

  it("goes into lame duck mode on SIGUSR2, and still exits with 0 on SIGTERM", async () => {
    const run = command("--port", "0");
    const client = await RawClient.open(await listening(run));
    client.send(hello());
    await client.fence();
    run.child.kill("SIGUSR2");
    expect(await client.until(() => client.frames.some(({ line }) => line.includes('"ldm":true')))).toBe(true);
    run.child.kill("SIGTERM");
    expect(await run.ended).toBe(0);
  });

  it("requires the token or the user that its options name", async () => {
    const token = await RawClient.open(await listening(command("--port", "0", "--token", "t")));
    token.send(hello({ auth_token: "t" }));
    expect(await token.fence()).toBe(true);
    const user = await RawClient.open(await listening(command("--port", "0", "--user", "u", "--pass", "p")));
    user.send(hello({ user: "u", pass: "wrong" }));
    expect(await user.until(() => user.closed)).toBe(true);
    expect(user.frames.at(-1)?.line).toBe("-ERR 'Authorization Violation'");
  });

  it("exits with 1 and names the address when the port is taken", async () => {
    const port = await listening(command("--port", "0"));
    const second = command("--port", `${port}`);
    expect(await second.ended).toBe(1);
    expect(second.errors).toContain(`127.0.0.1:${port}`);
    expect(second.output).toBe("");
  });

  it.each([[["--prot", "1"]], [["--port", "many"]], [["--port", "99999"]], [["--user", "u"]], [["stray"]]])(
    "refuses %j with a message and exit code 2",
    async (args) => {
      const run = command(...args);
      expect(await run.ended).toBe(2);
      expect(run.errors).toMatch(/^muove-broker: /);
      expect(run.output).toBe("");
    },
  );

  it("prints its options with --help", async () => {
    const run = command("--help");
    expect(await run.ended).toBe(0);
    expect(run.output).toContain("--port <port>");
  });
});
