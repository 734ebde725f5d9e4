import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { findNatsServer, startNatsServer as start } from "../../support/nats-server.js";
import { until } from "../../support/until.js";
import { freePort } from "./ports.js";

/** Whether this machine has a nats-server. */
export const natsServer = findNatsServer() !== undefined;

/** A nats-server that ends after the test. Its address is `host:port`, as a link reports it. */
export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Reloads it with another configuration. */
  reload(config: string): Promise<void>;
  /** Puts it into lame duck mode. */
  lameDuck(): void;
}

export async function startNatsServer(config = "", port?: number): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), "muove-link-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "nats.conf");
  await writeFile(file, config);
  // The last -c wins, and this file can be rewritten.
  const server = await start({ args: ["-c", file], ...(port !== undefined && { port }) });
  onTestFinished(() => server.kill());
  return {
    port: server.port,
    url: `127.0.0.1:${server.port}`,
    kill: () => server.kill(),
    reload: async (text) => {
      await writeFile(file, text);
      process.kill(server.pid, "SIGHUP");
    },
    lameDuck: () => void process.kill(server.pid, "SIGUSR2"),
  };
}

/** Starts the servers of a cluster and waits until each knows all others. */
export async function startCluster(size: number, config = ""): Promise<NatsServer[]> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const cluster = (port: number) =>
    `cluster { name: c, listen: "127.0.0.1:${port}", routes: ["nats://127.0.0.1:${ports[0]}"] }`;
  const servers = await Promise.all(ports.map((port) => startNatsServer(`${cluster(port)}\n${config}`)));
  for (const { port } of servers)
    await until("all know of all", async () => (await greetingOf(port)).connect_urls?.length === size);
  return servers;
}

/** The INFO that the server at this port sends first. */
function greetingOf(port: number): Promise<{ readonly connect_urls?: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").once("error", reject);
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(JSON.parse(bytes.toString().slice("INFO ".length)));
    });
  });
}
