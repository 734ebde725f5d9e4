import { spawnSync } from "node:child_process";
import { findNatsServer } from "@muove/testkit";

/** Whether a nats-server is found. */
export const natsServer = findNatsServer() !== undefined;

/**
 * The version of the server that `findNatsServer()` finds, such as 2, 10 and 27; zeros if there is none.
 */
export function natsServerVersion(): Readonly<Record<"major" | "minor" | "patch", number>> {
  const program = findNatsServer();
  const said = program === undefined ? "" : spawnSync(program, ["--version"], { encoding: "utf8" }).stdout;
  const [major = 0, minor = 0, patch = 0] = /v(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number) ?? [];
  return { major, minor, patch };
}

const { major, minor } = natsServerVersion();

/** Whether it can keep mail: with JetStream, from 2.10 on. */
export const keepsMail = natsServer && (major > 2 || (major === 2 && minor >= 10));
