import type { BrokerStats } from "./connection/stats.js";
import type { BrokerOptions } from "./options/broker-options.js";
import { normalise } from "./options/normalise.js";
import { accept } from "./server/accept.js";
import { type ConnectionInfo, describe } from "./server/connection-info.js";
import { type Core, newCore } from "./server/core.js";
import { leaveGradually } from "./server/lame-duck.js";
import { Listener } from "./server/listener.js";

/** How long, in ms, a closing broker waits for clients to read their last bytes. */
const closeTimeout = 1_000;

/** Addresses that one can listen on but not connect to. */
const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * A running broker.
 *
 * BROKER-1 From `startBroker()` to `close()` or `lameDuck()` it accepts connections on `port`, and never again
 *   afterwards.
 * BROKER-2 Once the promise of `close()` has resolved, it has no socket and no timer, and the port is free.
 */
export class Broker {
  readonly #core: Core;
  readonly #listener: Listener;
  readonly #leaving = new AbortController();
  #lameDuck: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** Use `startBroker()`. */
  constructor(core: Core, listener: Listener) {
    this.#core = core;
    this.#listener = listener;
  }

  /** The port that it listens on. If the option was 0, the system chose it. */
  get port(): number {
    return this.#listener.port;
  }

  /** The URL for clients, such as `nats://127.0.0.1:4222`, without credentials. */
  get url(): string {
    const { host: listens } = this.#core.settings;
    const host = anyAddress[listens] ?? listens;
    return `nats://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  /** Its counters so far. */
  get stats(): BrokerStats {
    const { counters, connections, router } = this.#core;
    return { ...counters, connections: connections.size, subscriptions: router.size };
  }

  /** The open connections in the order of arrival, with their subscriptions. */
  get connections(): readonly ConnectionInfo[] {
    return this.#core.connections.snapshot().map(describe);
  }

  /**
   * Enters lame duck mode: stops accepting connections, announces that in an INFO to every client that can take one,
   * waits for `lameDuckGracePeriod`, and closes the connections one after the other. Resolves when the broker is
   * closed.
   */
  lameDuck(): Promise<void> {
    this.#lameDuck ??= this.#leave();
    return this.#lameDuck;
  }

  /**
   * Closes every connection and the port. Messages delivered to a client before are still sent, if it reads them within
   * a second (or `writeDeadline`, if that is shorter). Resolves when nothing is left. Safe to call again.
   */
  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  async #leave(): Promise<void> {
    void this.#listener.close();
    if (this.#closed === undefined) await leaveGradually(this.#core, this.#leaving.signal);
    await this.close();
  }

  async #shutDown(): Promise<void> {
    this.#leaving.abort();
    const free = this.#listener.close();
    this.#core.jetStream?.close();
    const linger = Math.min(this.#core.settings.writeDeadline, closeTimeout);
    for (const connection of this.#core.connections.snapshot()) connection.close(linger);
    await this.#core.connections.empty();
    await free;
  }
}

/**
 * Starts a broker in this process.
 *
 * @returns a broker that already accepts connections.
 * @throws BrokerError MUOVE_BROKER_INVALID_OPTIONS, MUOVE_BROKER_PORT_IN_USE, MUOVE_BROKER_CANNOT_LISTEN,
 *   MUOVE_BROKER_CANNOT_STORE.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const settings = normalise(options);
  const core = newCore(settings);
  const listener = await Listener.open(settings.host, settings.port, (socket) => accept(core, socket)).catch(
    (error) => {
      core.jetStream?.close();
      throw error;
    },
  );
  core.port = listener.port;
  return new Broker(core, listener);
}
