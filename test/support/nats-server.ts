// A real nats-server for tests, one at a time: the testkit's, for tests that own no kit. It ends with this process.

import { spawnSync } from "node:child_process";
import { findNatsServer, testkit } from "@muove/testkit";

export { findNatsServer };

/**
 * The version of the server that `findNatsServer()` finds, such as 2, 10 and 27; of no generation where there is none.
 */
export function natsServerVersion(): Readonly<Record<"major" | "minor" | "patch", number>> {
  const program = findNatsServer();
  const said = program === undefined ? "" : spawnSync(program, ["--version"], { encoding: "utf8" }).stdout;
  const [major = 0, minor = 0, patch = 0] = /v(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number) ?? [];
  return { major, minor, patch };
}

/** A server that runs. */
export interface NatsServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has logged last. */
  readonly log: string;
  /** Asks it to end, and waits until it has. May be called again. */
  stop(): Promise<void>;
  /** Ends it as a power cut would, and waits until it has. */
  kill(): Promise<void>;
}

export interface NatsServerOptions {
  /** The text of a configuration file. The address to listen on is set for it. */
  readonly config?: string;
  readonly args?: readonly string[];
  /** Default: any that is free. */
  readonly port?: number;
}

/** Starts a server and waits until it takes connections. */
export async function startNatsServer({ config, args, port }: NatsServerOptions = {}): Promise<NatsServer> {
  const kit = testkit();
  const given = { ...(config && { text: config }), ...(args && { args }), ...(port && { port }) };
  const nats = await kit.nats({ on: "nats-server", ...given }).catch(async (error: unknown) => {
    await kit.close();
    throw error;
  });
  return {
    url: nats.url,
    port: nats.port,
    pid: nats.pid as number,
    get log() {
      return nats.output;
    },
    stop: async () => {
      await nats.terminate();
      await kit.close();
    },
    kill: () => kit.close(),
  };
}
