import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { temporaryFile } from "./support/file.js";
import { built } from "./support/services.js";

// Only the operating system's resolver is used, and it is made silent for one process, in namespaces of its own.

const unshare = ["--map-root-user", "--mount", "--net"];
const able = spawnSync("unshare", [...unshare, "ip", "link", "set", "lo", "up"]).status === 0;

describe.skipIf(!able)("[needs unshare and ip]", () => {
  test("F1: a resolver that never answers does not hold up a server that is there", { timeout: 120_000 }, async () => {
    const resolv = temporaryFile("resolv.conf");
    writeFileSync(resolv, "nameserver 127.0.0.1\n");
    const script = 'mount --bind "$1" /etc/resolv.conf && ip link set lo up && exec "$2" "$3"';
    const program = [script, "sh", resolv, process.execPath, built("silent-resolver").pathname];
    const { stdout } = await promisify(execFile)("unshare", [...unshare, "sh", "-c", ...program]);
    const { times, reports }: { times: number[]; reports: string[] } = JSON.parse(stdout);
    process.stdout.write(
      `F1: a bus beside a silent resolver is connected after ${times.map(Math.round).join(", ")} ms\n`,
    );
    expect(times).toHaveLength(8);
    expect(Math.max(...times)).toBeLessThan(3_000);
    expect(new Set(reports)).toEqual(
      new Set(["unresolved: the name nats.example has not resolved so far; still waiting"]),
    );
  });
});
