import { maxTimerDelay } from "@muove/contract/internal";
import { NatsConnectionImpl, ProtocolHandler, setTransportFactory } from "@nats-io/nats-core/internal";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { NodeTransport, nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";
import { authenticators } from "./authenticators.js";
import { hungUpOverTls, overTls } from "./dial-failure.js";
import type { LinkOptions } from "./options.js";
import { certificateName, listenAt, type ServerAddress } from "./server-address.js";
import { SocketTrap } from "./socket-trap.js";
import { tlsSettings } from "./tls.js";

/** One attempt at one IP address of a server. The client's own time limit is off: whoever dials has one. */
export class Dial {
  readonly server: ServerAddress;
  /** `host:port` of that IP address. */
  readonly at: string;
  readonly #options: LinkOptions;
  readonly #trap = new SocketTrap();
  readonly #discarded = new AbortController();
  #client: NatsConnectionImpl | undefined;
  #asked = false;

  constructor(server: ServerAddress, ip: string, options: LinkOptions) {
    this.server = server;
    this.at = listenAt(server, ip);
    this.#options = options;
  }

  /** Whether the credentials and the certificates of this side are there, so that the server is asked. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Whether the server has greeted. It is alive, and what it takes from then on is the time to check credentials. */
  get greeted(): boolean {
    return this.#client?.protocol.infoReceived ?? false;
  }

  /** Rejects as soon as `signal` aborts, with its reason. Leaves no socket behind when it rejects. */
  async connect(signal: AbortSignal): Promise<NatsConnectionImpl> {
    try {
      const preparing = clientOptions(this.server, this.at, this.#options, this.#discarded.signal);
      const client = newClient(await unlessAborted(preparing, signal));
      this.#asked = true;
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
      if (!this.greeted) throw protocol.options.tls ? overTls(cause) : cause;
      if (protocol.options.tls) throw hungUpOverTls(cause);
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

async function clientOptions(
  server: ServerAddress,
  at: string,
  options: LinkOptions,
  discarded: AbortSignal,
): Promise<NodeConnectionOptions> {
  const credentials = server.credentials ?? options.credentials;
  const [authenticator, tls] = await Promise.all([
    credentials && authenticators(credentials, discarded),
    tlsSettings(server, options.tls, discarded),
  ]);
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
    ...(authenticator && { authenticator }),
    ...(tls && { tls }),
  };
}
