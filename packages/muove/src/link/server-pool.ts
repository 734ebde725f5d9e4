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
      .flatMap((url) => dialable(url, teacher, encrypted))
      .filter((server) => !known.has(server.listen));
  }

  /**
   * Each server once, in the order to try: the configured ones, then the announced ones, which clients behind a load
   * balancer often cannot reach. Both are shuffled, so that clients spread out.
   *
   * @param lost was just lost, so it is the last of its kind. It stays before the announced ones: it may be a load
   * balancer, behind which another server answers.
   */
  round(lost?: ServerAddress): ServerAddress[] {
    return [this.#configured, this.#gossiped].flatMap((servers) => last(lost, shuffled(servers, this.#random)));
  }

  /** The same while `leaving` still serves, but is about to shut down: it is the last of all. */
  roundWithout(leaving: ServerAddress): ServerAddress[] {
    return last(leaving, this.round());
  }
}

function last(one: ServerAddress | undefined, servers: readonly ServerAddress[]): ServerAddress[] {
  const is = (server: ServerAddress) => server.listen === one?.listen;
  return [...servers.filter((server) => !is(server)), ...servers.filter(is)];
}

export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** None for an announced address that cannot be dialled, such as an IPv6 address with a zone. */
function dialable(url: string, teacher: ServerAddress, encrypted: boolean): ServerAddress[] {
  try {
    return [gossipedServer(url, teacher, encrypted)];
  } catch {
    return [];
  }
}
