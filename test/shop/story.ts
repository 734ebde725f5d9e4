// Runs the built story as a user does, in its own process.

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../examples/shop/story/dist/main.js", import.meta.url));

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Its stdin is closed, and its output can be read. */
export type Story = ChildProcessByStdio<null, Readable, Readable>;

type Env = Readonly<Record<string, string>>;

export function startStory(args: readonly string[], env: Env = {}): Story {
  const { NATS_URL: _, PORT: __, ...inherited } = process.env;
  return spawn(process.execPath, [program, ...args], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function tellStory(args: readonly string[], env?: Env): Promise<Told> {
  const story = startStory(args, env);
  const [out, err] = await Promise.all([text(story.stdout), text(story.stderr), story.exitCode ?? once(story, "exit")]);
  return { code: story.exitCode, out, err };
}

/** The pids of the running processes that the story has started. */
export function childrenOf({ pid }: Story): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const rows = stdout.split("\n").map((row) => row.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}
