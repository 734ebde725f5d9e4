import { connect } from "node:net";
import { eventually } from "../eventually.js";
import { freePort } from "../free-port.js";
import type { Nats } from "../nats/nats.js";
import type { NatsConfig } from "../nats/nats-config.js";
import { checkConfig } from "../nats/nats-options.js";
import { check, rule } from "../options.js";
import type { Belongings } from "../process/belongings.js";
import { startNats } from "./start-nats.js";

/** Options for a cluster of real servers. */
export interface ClusterOptions {
  /** The number of servers. Default 3. */
  readonly size?: number;
  readonly config?: NatsConfig;
  /** Enables JetStream in each server, in folders that are deleted with the kit. Default false. */
  readonly jetStream?: boolean;
  /** More text for each configuration file. */
  readonly text?: string;
}

/** How long a server may take to send INFO, in ms. */
const greetTimeout = 1_000;

/** Starts real servers and waits until each knows all others. */
export async function startCluster(options: ClusterOptions, belongings: Belongings): Promise<readonly Nats[]> {
  check("cluster()", options, { size: rule.count, config: rule.record, text: rule.string, jetStream: rule.boolean });
  checkConfig(options.config, true);
  const { size = 3, config = {}, text = "", jetStream = false } = options;
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = JSON.stringify(ports.map((port) => `nats://127.0.0.1:${port}`));
  const servers = await Promise.all(
    ports.map((port) => {
      const cluster = `cluster { name: testkit, listen: "127.0.0.1:${port}", routes: ${routes} }`;
      const named = `server_name: "testkit-${port}"\n${cluster}\n${text}`;
      return startNats({ on: "nats-server", config, text: named, jetStream }, belongings);
    }),
  );
  await Promise.all(servers.map((server) => eventually(async () => (await known(server)) === size)));
  return servers;
}

/** The number of servers that a server announces to its clients. */
function known({ port }: Nats): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").setTimeout(greetTimeout, () => socket.destroy(new Error("no greeting")));
    socket.once("error", reject);
    socket.once("data", (bytes) => {
      socket.destroy();
      const info: { connect_urls?: string[] } = JSON.parse(bytes.toString().slice("INFO ".length));
      resolve(info.connect_urls?.length ?? 1);
    });
  });
}
