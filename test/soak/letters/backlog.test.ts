import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";

const program = fileURLToPath(new URL("../../dist/soak/letters/backlog.js", import.meta.url));

describe.skipIf(natsServerThatKeepsMail() === undefined)("[needs nats-server 2.10 or later] a backlog", () => {
  test("of 10,000 letters is handled by three instances, each letter once, in flat memory", {
    timeout: 120_000,
  }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, "--letters", "10000"]);
    expect(stdout).toMatch(/^10000 letters stored in .*, then handled in .* by three instances$/m);
    expect(stdout).toMatch(/^Each was handled once, and memory stayed flat$/m);
  });
});
