import { spawnSync } from "node:child_process";
import { TestkitError } from "../errors.js";

/**
 * The path of the real server: the environment variable NATS_SERVER, or else `nats-server` in PATH. Undefined if there
 * is none, so that a test can be skipped.
 */
export function findNatsServer(): string | undefined {
  const { NATS_SERVER } = process.env;
  const program = NATS_SERVER || "nats-server";
  return spawnSync(program, ["--version"]).status === 0 ? program : undefined;
}

/** @throws TestkitError MUOVE_TESTKIT_NO_NATS_SERVER, which says what to do. */
export function demandNatsServer(): string {
  const program = findNatsServer();
  if (program !== undefined) return program;
  const { NATS_SERVER } = process.env;
  const tried = NATS_SERVER ? `NATS_SERVER is ${NATS_SERVER}, which does not run` : "PATH has none";
  throw new TestkitError(
    "MUOVE_TESTKIT_NO_NATS_SERVER",
    `There is no nats-server here: ${tried}. Install it (https://docs.nats.io/running-a-nats-service/introduction/installation, ` +
      "or: apt install nats-server, brew install nats-server), or set NATS_SERVER to its path, " +
      'or use the embedded broker: nats({ on: "embedded" }).',
  );
}
