import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { freePort } from "./ports.js";

/** Whether there is a nats-server to test with. */
export const natsServer = spawnSync("nats-server", ["--version"]).status === 0;

export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** SIGKILL: no farewell. */
  kill(): Promise<void>;
  /** Rewrites its configuration and has it read. */
  reload(config: string): Promise<void>;
  /** Has it enter lame duck mode. */
  lameDuck(): void;
}

/** Starts one with a configuration (all but its client port), and has it gone when the test is over. */
export async function startNatsServer(config = "", port?: number): Promise<NatsServer> {
  const at = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), "muove-link-"));
  const file = join(folder, "nats.conf");
  const write = (text: string) => writeFile(file, `listen: "127.0.0.1:${at}"\n${text}\n`);
  await write(config);
  const child = spawn("nats-server", ["-c", file], { stdio: "ignore" });
  onTestFinished(async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  });
  await answering(at, child);
  return {
    port: at,
    url: `127.0.0.1:${at}`,
    kill: () => stop(child),
    reload: async (text) => {
      await write(text);
      child.kill("SIGHUP");
    },
    lameDuck: () => void child.kill("SIGUSR2"),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
    if (await greetingOf(port)) return;
    await sleep(5);
  }
  throw new Error("nats-server does not accept");
}

/** The INFO with which the server at this port greets; undefined where nobody does. */
function greetingOf(port: number): Promise<{ readonly connect_urls?: readonly string[] } | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(undefined));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(JSON.parse(bytes.toString().slice("INFO ".length)));
    });
  });
}

/** Servers of one cluster, started when all of them know of all. */
export async function startCluster(size: number, config = ""): Promise<NatsServer[]> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const cluster = (port: number) =>
    `cluster { name: c, listen: "127.0.0.1:${port}", routes: ["nats://127.0.0.1:${ports[0]}"] }`;
  const servers = await Promise.all(ports.map((port) => startNatsServer(`${cluster(port)}\n${config}`)));
  for (const { port } of servers) while ((await greetingOf(port))?.connect_urls?.length !== size) await sleep(5);
  return servers;
}
