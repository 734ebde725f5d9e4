import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";

const main = fileURLToPath(new URL("../../dist/soak/letters/main.js", import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

describe.skipIf(natsServerThatKeepsMail() === undefined)("[needs nats-server 2.10 or later] letters", () => {
  test("are neither lost nor doubled in twenty seconds of random faults", { timeout: 300_000 }, async () => {
    const { stdout } = await run("--seconds", "20");
    expect(stdout).toMatch(/stored: handled/);
    expect(stdout).toMatch(/No lies, seed \d+/);
  });

  test.each([
    ["lost", "loss", /^LIE: it was stored, and is lost.*\n.*caller1-planted-loss/m],
    ["doubled", "double", /^LIE: it came again without a cause.*\n.*caller1-planted-double/m],
  ])("that are %s on purpose are found, and no others", { timeout: 120_000 }, async (_, plant, found) => {
    const planted = run("--seconds", "1", "--only", "burst", "--plant", plant);
    await expect(planted).rejects.toMatchObject({ stdout: expect.stringMatching(found) });
    await expect(planted).rejects.toMatchObject({ stdout: expect.stringMatching(/^1 lies, seed \d+/m) });
  });
});
