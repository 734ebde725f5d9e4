import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, findNatsServer, testkit } from "@muove/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { lives } from "../support/processes.js";
import { service } from "./support.js";

const entry = service("odd");
const real = findNatsServer() !== undefined;

/** Gives the test its own folder for temporary files, and returns a function that lists them. */
function temporary(): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), "muove-closing-"));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return () => readdirSync(folder);
}

/** The pids of this process's children; Linux only. */
function children(): string[] | undefined {
  const file = `/proc/${process.pid}/task/${process.pid}/children`;
  return existsSync(file) ? readFileSync(file, "latin1").split(" ").filter(Boolean) : undefined;
}

describe("close()", () => {
  it("ends everything, in whatever state it is (TESTKIT-1)", async () => {
    const files = temporary();
    const before = [children(), files(), process.listenerCount("exit")];
    const kit = testkit();
    const nats = await kit.nats(real ? { on: "nats-server", jetStream: true } : {});
    const stubborn = await kit.service({ entry, args: ["stubborn"] });
    const stopped = await kit.service({ entry, args: ["silent"] });
    const starting = await kit.service({ entry, args: ["chatty"] });
    await stubborn.ready;
    await stopped.stop();
    await nats.stop();
    const pids = [nats.pid, stubborn.pid, stopped.pid, starting.pid];
    expect(pids.every(lives)).toBe(true);
    expect(files()).toHaveLength(real ? 1 : 0);
    await kit.close();
    expect(pids.some(lives)).toBe(false);
    expect([children(), files(), process.listenerCount("exit")]).toEqual(before);
    await expect(starting.ready).rejects.toMatchObject({ code: "MUOVE_TESTKIT_NOT_READY" });
  });

  it("ends a flood that is under way", async () => {
    const kit = testkit();
    const nats = await kit.nats();
    const flooding = kit.flood({ url: nats.url, subject: "a", during: 60_000 });
    await kit.close();
    expect(await flooding).toMatchObject({ ended: "stopped" });
  });

  it("makes every later start fail, and may be called again", async () => {
    await using kit = testkit();
    const nats = await kit.nats({ start: false });
    const path = await kit.proxy(nats.url);
    await Promise.all([kit.close(), kit.close()]);
    const closed = { code: "MUOVE_TESTKIT_CLOSED" };
    await expect(kit.nats()).rejects.toMatchObject(closed);
    await expect(kit.service({ entry })).rejects.toMatchObject(closed);
    await expect(kit.proxy("nats://127.0.0.1:1")).rejects.toMatchObject(closed);
    await expect(kit.flood({ url: nats.url, subject: "a" })).rejects.toMatchObject(closed);
    await expect(nats.start()).rejects.toMatchObject(closed);
    await expect(path.heal()).rejects.toMatchObject(closed);
  });

  it("ends what is still starting", async () => {
    const kit = testkit();
    const starting = kit.nats().catch((error) => error.code);
    await new Promise((resolve) => setImmediate(resolve));
    await kit.close();
    expect(await starting).toMatch(/MUOVE_TESTKIT_(CLOSED|NOT_READY)/);
  });
});

describe.each([
  { on: "embedded", run: true, title: "the embedded broker" },
  { on: "nats-server", run: real, title: "[needs nats-server] nats-server" },
])("when the test process has started services and $title", ({ on, run }) => {
  describe.skipIf(!run)("", () => {
    it("all of them end if it is killed (TESTKIT-2)", async () => {
      const { owner, pids } = await owned(on);
      expect(pids.every(lives)).toBe(true);
      owner.kill("SIGKILL");
      await eventually(() => !pids.some(lives));
    });

    it("all of them end if it is interrupted (TESTKIT-2)", async () => {
      const { owner, pids } = await owned(on);
      owner.kill("SIGINT");
      await eventually(() => !pids.some(lives));
    });

    it("all of them end if it throws and nobody closes the kit (TESTKIT-2)", async () => {
      const { owner, pids } = await owned(on, "throw");
      if (owner.exitCode === null) await once(owner, "exit");
      await eventually(() => !pids.some(lives));
    });
  });
});

/** A process that has started a NATS and services with a kit, and their pids. */
async function owned(...args: string[]): Promise<{ readonly owner: ChildProcess; readonly pids: number[] }> {
  const owner = spawn(process.execPath, [service("owner").pathname, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void owner.kill("SIGKILL"));
  let output = "";
  for (const stream of [owner.stdout, owner.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const found = await eventually(() => /started: (\[[\d,]+\])/.exec(output)?.[1], { within: 10_000 });
  return { owner, pids: JSON.parse(found) };
}
