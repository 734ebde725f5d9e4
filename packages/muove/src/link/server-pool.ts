import { gossipedServer, parseServer, type ServerAddress } from "./server-address.js";

/** The servers to dial: the configured ones and those that servers announced. */
export class ServerPool {
  readonly #configured: readonly ServerAddress[];
  readonly #random: () => number;
  #gossiped: readonly ServerAddress[] = [];

  constructor(servers: readonly string[], random: () => number = Math.random) {
    this.#configured = servers.map(parseServer);
    this.#random = random;
  }

  /** Takes the `connect_urls` of a server. An empty list changes nothing: a server without a cluster sends it. */
  learn(urls: readonly string[], teacher: ServerAddress, encrypted: boolean): void {
    if (urls.length === 0) return;
    const known = new Set(this.#configured.map((server) => server.listen));
    this.#gossiped = urls
      .filter((url) => URL.canParse(`nats://${url}`)) // Some, such as an IPv6 address with a zone, cannot be dialled.
      .map((url) => gossipedServer(url, teacher, encrypted))
      .filter((server) => !known.has(server.listen));
  }

  /**
   * Each server once, in the order to try: the configured ones, shuffled so that clients spread out; then the announced
   * ones, shuffled; last the one to `avoid`, which was just lost or is about to shut down.
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
