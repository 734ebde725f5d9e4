import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findNatsServer } from "@muove/testkit";

/** Whether a nats-server is found. */
export const natsServer = findNatsServer() !== undefined;

export type Version = Readonly<Record<"major" | "minor" | "patch", number>>;

/**
 * The version of a server, such as 2, 10 and 27; zeros if there is none. Default: the one that `findNatsServer()` finds.
 */
export function natsServerVersion(program = findNatsServer()): Version {
  const said = program === undefined ? "" : spawnSync(program, ["--version"], { encoding: "utf8" }).stdout;
  const [major = 0, minor = 0, patch = 0] = /v(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number) ?? [];
  return { major, minor, patch };
}

/** The programs that scripts/nats-servers.sh got, the oldest first. */
export function fetchedNatsServers(): string[] {
  // This file also runs from the folder of what is built.
  const folders = ["../../", "../../../"].map((up) => new URL(`${up}node_modules/.muove-nats/`, import.meta.url));
  const folder = folders.find((each) => existsSync(each));
  if (folder === undefined) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((version) => fileURLToPath(new URL(`${version}/nats-server`, folder)));
}

/** The oldest nats-server that something needs, such as 2.10. */
export type Oldest = readonly [major: number, minor: number];

/** A server that is new enough: the usual one, or else the oldest that scripts/nats-servers.sh got; `undefined` without one. */
export function natsServerSince([least, minorLeast]: Oldest): string | undefined {
  return findServer(({ major, minor }) => major > least || (major === least && minor >= minorLeast));
}

/** A server of this very generation, in the same way. */
export function natsServerOf([wanted, minorWanted]: Oldest): string | undefined {
  return findServer(({ major, minor }) => major === wanted && minor === minorWanted);
}

function findServer(fits: (version: Version) => boolean): string | undefined {
  const usual = findNatsServer();
  return [...(usual === undefined ? [] : [usual]), ...fetchedNatsServers()].find((program) =>
    fits(natsServerVersion(program)),
  );
}

/** Runs something with a server that is new enough as the usual one. */
export async function withServerSince<T>(oldest: Oldest, run: () => Promise<T>): Promise<T> {
  const { NATS_SERVER } = process.env;
  const program = natsServerSince(oldest);
  if (program !== undefined) process.env.NATS_SERVER = program;
  try {
    return await run();
  } finally {
    if (NATS_SERVER === undefined) delete process.env.NATS_SERVER;
    else process.env.NATS_SERVER = NATS_SERVER;
  }
}

/** The oldest that keeps mail. */
export const keepsMail: Oldest = [2, 10];

/** A program that keeps mail; `undefined` without one. */
export const natsServerThatKeepsMail = (): string | undefined => natsServerSince(keepsMail);
