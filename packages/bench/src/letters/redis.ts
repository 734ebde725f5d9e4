import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, freePort } from "@muove/testkit";

/** A Redis of our own, set up as BullMQ's documentation recommends; `undefined` if there is none on this machine. */
export async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), "muove-redis-"))];
  const settings = ["--port", `${port}`, "--dir", folder, "--save", "", "--appendonly", "yes"];
  const durable = ["--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--bind", "127.0.0.1"];
  const redis = spawn("redis-server", [...settings, ...durable], { stdio: "ignore" });
  const stop = async (): Promise<void> => {
    if (redis.exitCode === null && redis.kill()) await new Promise((resolve) => redis.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  if (await answers(redis, port)) return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  return undefined;
}

async function answers(redis: ChildProcess, port: number): Promise<boolean> {
  let missing = false;
  redis.once("error", () => {
    missing = true;
  });
  await eventually(async () => missing || (await connects(port)));
  return !missing;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.end());
  });
}
