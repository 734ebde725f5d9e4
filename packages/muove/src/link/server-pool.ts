import { gossipedServer, parseServer, type ServerAddress } from "./server-address.js";

/** Every server that may be dialled: the configured ones, then those that servers told of. */
export class ServerPool {
  readonly #configured: readonly ServerAddress[];
  readonly #random: () => number;
  #gossiped: readonly ServerAddress[] = [];

  constructor(servers: readonly string[], random: () => number = Math.random) {
    this.#configured = servers.map(parseServer);
    this.#random = random;
  }

  /**
   * Takes over the `connect_urls` of a server. An empty list teaches nothing: a server alone in its cluster sends it.
   */
  learn(urls: readonly string[], teacher: ServerAddress, encrypted: boolean): void {
    if (urls.length === 0) return;
    const known = new Set(this.#configured.map((server) => server.listen));
    this.#gossiped = urls
      .filter((url) => URL.canParse(`nats://${url}`)) // What is no address, such as one with a zone, cannot be dialled.
      .map((url) => gossipedServer(url, teacher, encrypted))
      .filter((server) => !known.has(server.listen));
  }

  /**
   * Each server once, in the order to try them: the configured ones shuffled, so that clients spread; then the gossiped
   * ones, shuffled; and at the very end the one to `avoid`, which was just lost or is about to go.
   */
  round(avoid?: ServerAddress): ServerAddress[] {
    const all = [...this.#shuffled(this.#configured), ...this.#shuffled(this.#gossiped)];
    const avoided = (server: ServerAddress) => server.listen === avoid?.listen;
    return [...all.filter((server) => !avoided(server)), ...all.filter(avoided)];
  }

  #shuffled(servers: readonly ServerAddress[]): ServerAddress[] {
    return servers
      .map((server) => ({ server, rank: this.#random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ server }) => server);
  }
}
