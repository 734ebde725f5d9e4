import { connect } from "node:net";
import { eventually } from "../eventually.js";
import { freePort } from "../free-port.js";
import type { Nats } from "../nats/nats.js";
import type { NatsConfig } from "../nats/nats-config.js";
import { checkConfig } from "../nats/nats-options.js";
import { check, rule } from "../options.js";
import type { Belongings } from "../process/belongings.js";
import { startNats } from "./start-nats.js";

/** Real servers that form one cluster. */
export interface ClusterOptions {
  /** How many. Default 3. */
  readonly size?: number;
  readonly config?: NatsConfig;
  /** Further text for the configuration file of each. */
  readonly text?: string;
}

/** How long a server may take to greet, in ms. */
const greetTimeout = 1_000;

/** Real servers that know of each other, all of them. */
export async function startCluster(options: ClusterOptions, belongings: Belongings): Promise<readonly Nats[]> {
  check("cluster()", options, { size: rule.count, config: rule.record, text: rule.string });
  checkConfig(options.config, true);
  const { size = 3, config = {}, text = "" } = options;
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = JSON.stringify(ports.map((port) => `nats://127.0.0.1:${port}`));
  const servers = await Promise.all(
    ports.map((port) => {
      const cluster = `cluster { name: testkit, listen: "127.0.0.1:${port}", routes: ${routes} }`;
      return startNats({ on: "nats-server", config, text: `${cluster}\n${text}` }, belongings);
    }),
  );
  await Promise.all(servers.map((server) => eventually(async () => (await known(server)) === size)));
  return servers;
}

/** How many servers a server tells its clients of. */
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
