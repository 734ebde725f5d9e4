import { maxTimerDelay } from "@muove/contract/internal";
import { NatsConnectionImpl, ProtocolHandler, setTransportFactory } from "@nats-io/nats-core/internal";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { NodeTransport, nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";
import { CredentialsError } from "./dial-failure.js";
import type { Credentials, LinkOptions, LinkTls } from "./options.js";
import { certificateName, listenAt, type ServerAddress } from "./server-address.js";
import { SocketTrap } from "./socket-trap.js";

/** One attempt at one IP address of a server. The client's own time limit is off: whoever dials has one. */
export class Dial {
  readonly server: ServerAddress;
  /** `host:port` of that IP address. */
  readonly at: string;
  readonly #options: LinkOptions;
  readonly #trap = new SocketTrap();
  readonly #discarded = new AbortController();
  #client: NatsConnectionImpl | undefined;

  constructor(server: ServerAddress, ip: string, options: LinkOptions) {
    this.server = server;
    this.at = listenAt(server, ip);
    this.#options = options;
  }

  /** Whether the server has greeted. It is alive, and what it takes from then on is the time to check credentials. */
  get greeted(): boolean {
    return this.#client?.protocol.infoReceived ?? false;
  }

  /** Rejects as soon as `signal` aborts, with its reason. Leaves no socket behind when it rejects. */
  async connect(signal: AbortSignal): Promise<NatsConnectionImpl> {
    try {
      const client = newClient(clientOptions(this.server, this.at, this.#options, this.#discarded.signal));
      this.#client = client;
      await unlessAborted(this.#dialled(client), signal);
      if (client.protocol.info?.headers !== true) {
        throw new Error(`${this.server.listen} does not support headers, which Muove needs`);
      }
      this.#trap.release();
      return client;
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Ends it, connected or not. */
  discard(): void {
    this.#trap.spring();
    this.#discarded.abort();
    void this.#client?.close().catch(() => {});
  }

  async #dialled({ protocol }: NatsConnectionImpl): Promise<void> {
    // The client dials an address, and would not know whose certificate to expect there.
    protocol.servers.getCurrentServer().tlsName = certificateName(this.server);
    try {
      await this.#trap.watch(() => protocol.dialLoop());
    } catch (cause) {
      // The client would report that it could not write any more, and not what the server had said before.
      if (protocol.lastError !== undefined) throw protocol.lastError;
      if (!this.greeted) throw cause;
      throw new Error(`${this.server.listen} greeted, and then closed the connection`, { cause });
    }
  }
}

type NewClient = new (options: NodeConnectionOptions) => NatsConnectionImpl;

/** What the client's `connect()` does, step by step, because that gives no hold of a dial that is under way. */
function newClient(options: NodeConnectionOptions): NatsConnectionImpl {
  setTransportFactory({ factory: () => new NodeTransport(), dnsResolveFn: nodeResolveHost });
  const client = new (NatsConnectionImpl as unknown as NewClient)(options);
  client.protocol = new ProtocolHandler(client.options, client);
  return client;
}

async function unlessAborted<T>(attempt: Promise<T>, signal: AbortSignal): Promise<T> {
  attempt.catch(() => {}); // An abort does not wait for it.
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([attempt, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function clientOptions(server: ServerAddress, at: string, options: LinkOptions, discarded: AbortSignal) {
  const tls = tlsOf(server, options.tls, discarded);
  return {
    servers: [at],
    name: options.name,
    timeout: maxTimerDelay,
    pingInterval: maxTimerDelay, // See server-pings.ts.
    // Each client lives for one connection. The link reconnects and chooses the server.
    reconnect: false,
    maxReconnectAttempts: 0,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...credentialsFor(server, options.credentials),
    ...(tls && { tls }),
  };
}

function credentialsFor(server: ServerAddress, given: LinkOptions["credentials"]): Credentials | undefined {
  if (server.credentials) return server.credentials;
  if (typeof given !== "function") return given;
  try {
    return given();
  } catch (cause) {
    throw new CredentialsError("the function that provides the credentials threw", { cause });
  }
}

function tlsOf(server: ServerAddress, tls: LinkTls | undefined, discarded: AbortSignal): LinkTls | undefined {
  if (!server.tls && tls === undefined) return undefined;
  // With "handshake first", Node creates the socket where the trap does not see it, but it honours this signal.
  const own = { signal: discarded };
  return { ...own, ...tls };
}
