// A real nats-server for tests: found, started on a port of its own, and ended whatever happens to the test.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Longest wait, in ms, for a server to be ready, and for it to end when asked to. */
const READY_WITHIN = 10_000;
const END_WITHIN = 5_000;

/** A server that runs. */
export interface NatsServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything that it has logged so far. */
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

/** The program: the environment's NATS_SERVER, or else what is in PATH; undefined if there is none. */
export function findNatsServer(): string | undefined {
  const { NATS_SERVER } = process.env;
  const program = NATS_SERVER || "nats-server";
  return spawnSync(program, ["--version"]).status === 0 ? program : undefined;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a server and waits until it takes connections. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const program = findNatsServer();
  if (program === undefined) throw new Error("There is no nats-server: set NATS_SERVER, or put it into PATH.");
  const folder = mkdtempSync(join(tmpdir(), "nats-server-"));
  const file = join(folder, "server.conf");
  writeFileSync(file, options.config ?? "");
  const args = ["-a", "127.0.0.1", "-p", String(options.port ?? -1), "-c", file, ...(options.args ?? [])];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  running.add(child);
  const ended = once(child, "exit").finally(() => {
    running.delete(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const log = collect(child);
  const port = await ready(child, log);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    get log() {
      return log.text;
    },
    stop: () => end(child, ended, "SIGTERM"),
    kill: () => end(child, ended, "SIGKILL"),
  };
}

interface Log {
  text: string;
  onMore: () => void;
}

function collect(child: ChildProcess): Log {
  const log: Log = { text: "", onMore: () => {} };
  child.stderr?.on("data", (chunk: Buffer) => {
    log.text += chunk;
    log.onMore();
  });
  return log;
}

function ready(child: ChildProcess, log: Log): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`nats-server ${why}:\n${log.text}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_WITHIN} ms`), READY_WITHIN);
    const onExit = (): void => fail("ended while it was starting");
    child.once("exit", onExit);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    log.onMore = () => {
      const port = /Listening for client connections on .*:(\d+)/.exec(log.text)?.[1];
      if (port === undefined || !log.text.includes("Server is ready")) return;
      clearTimeout(timer);
      child.off("exit", onExit);
      log.onMore = () => {};
      resolve(Number(port));
    };
  });
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (running.has(child)) child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), END_WITHIN);
  await ended;
  clearTimeout(timer);
}
