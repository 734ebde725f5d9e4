import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A path to a server that can be silenced (a black hole: no byte, no FIN, no RST) or cut. */
export interface Proxy {
  readonly url: string;
  /** Open sockets to clients. */
  readonly open: number;
  /** Accepted connections so far. */
  readonly accepted: number;
  /** From now on nothing passes, on open and new connections. Data from the client is not even read. */
  silence(): void;
  /** New connections pass again. Data from clients of silenced ones is discarded, so that their end is noticed. */
  heal(): void;
  /** Resets every connection. */
  cut(): void;
}

export async function startProxy(port: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  let accepted = 0;
  const server = createServer((near) => {
    accepted += 1;
    const far = connect(port, "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("error", () => {});
      from.on("close", () => to.destroy());
      if (!silent) from.pipe(to);
    }
    near.on("close", () => pairs.delete(pair));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const [near] of pairs) near.destroy();
    server.close();
    await once(server, "close");
  });
  return {
    url: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    silence() {
      silent = true;
      for (const pair of pairs) for (const socket of pair) socket.unpipe().pause();
    },
    heal() {
      silent = false;
      for (const [near] of pairs) near.resume();
    },
    cut() {
      for (const [near] of pairs) near.resetAndDestroy();
    },
  };
}
