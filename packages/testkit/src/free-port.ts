import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Below the ports that operating systems use for outgoing connections. Otherwise such a connection could take the port
 * of a server that is down, or a client that dials it could connect to itself.
 */
const leastPort = 10_240;
const maxPort = 32_767;
const maxTries = 100;

/**
 * A port of 127.0.0.1 that was free a moment ago, for a server that appears later, or comes back, at a known address.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnFreePort(server);
  server.close();
  await once(server, "close");
  return port;
}

/** Listens on any free port of 127.0.0.1, and resolves to it. */
export async function listenOnFreePort(server: Server): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(leastPort, maxPort + 1);
    try {
      await listen(server, port);
      return port;
    } catch (error) {
      if (tries === maxTries) throw error;
    }
  }
}

/** Listens on a port of 127.0.0.1. */
export async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}
