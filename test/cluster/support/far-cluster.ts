import { freePort, type Nats, type NatsConfig, type Testkit } from "@muove/testkit";
import { reachable } from "./upgrade.js";

export interface FarClusterOptions {
  readonly size?: number;
  readonly config?: NatsConfig;
  /** The path of nats-server. Default: the one that the testkit finds. */
  readonly program?: string;
}

/** A cluster whose servers reach each other through proxies only, so that they can be far apart. */
export interface FarCluster {
  readonly servers: readonly Nats[];
  /** Moves them so many ms apart, one way. */
  apart(ms: number): void;
  /** Starts another server in place of one that has ended, at the same addresses. */
  replace(server: Nats, program: string): Promise<Nats>;
}

/** Starts a cluster of real servers that are not apart yet. Resolves when each reaches each other one. */
export async function farCluster(kit: Testkit, options: FarClusterOptions = {}): Promise<FarCluster> {
  const { size = 3, config = {}, program } = options;
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const proxies = await Promise.all(ports.map((port) => kit.proxy(`nats://127.0.0.1:${port}`)));
  const routes = JSON.stringify(proxies.map(({ url }) => url));
  const start = (at: number, path = program, port?: number): Promise<Nats> =>
    kit.nats({
      on: "nats-server",
      config,
      text: `cluster { name: far, listen: "127.0.0.1:${ports[at]}", advertise: "127.0.0.1:${proxies[at]?.port}", routes: ${routes} }`,
      ...(path !== undefined && { program: path }),
      ...(port !== undefined && { port }),
    });
  const servers = await Promise.all(ports.map((_, at) => start(at)));
  await reachable(servers);
  return {
    servers,
    apart(ms) {
      for (const proxy of proxies) proxy.slow(ms);
    },
    async replace(server, path) {
      const at = servers.indexOf(server);
      const next = await start(at, path, server.port);
      servers[at] = next;
      await reachable(servers);
      return next;
    },
  };
}
