import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { TestkitError } from "../errors.js";
import { listen, listenOnFreePort } from "../free-port.js";
import { type NatsAddress, parseNatsUrl } from "../nats-url.js";
import { check, rule } from "../options.js";
import { Connection } from "./connection.js";
import type { Weather } from "./way.js";

/** Which way a fault is about, seen from the client's side of the proxy. */
export type Direction = "toServer" | "toClient" | "both";

export interface BlackHoleOptions {
  /** Default "both". */
  readonly direction?: Direction;
}

/** No NATS client can read this, wherever in the stream it comes, as long as it is not in the middle of a message. */
const garbageBytes = Buffer.from("\u0000\u0007\u00ff garbageBytes \u0000\r\n\r\nMSG \u00fe x\r\n", "latin1");

const fine: Weather = { latency: 0, swallows: false };

/**
 * A way over TCP from clients to a server, on which the network's faults happen.
 *
 * PROXY-1 Until a fault is called for, everything passes as if there were no proxy, ends and resets included.
 * PROXY-2 A fault is about the connections that are open and about new ones, until `heal()`; `cut()` and `garbage()`
 *   are about the open ones only, and over at once.
 * PROXY-3 Faults add up: a slow path can become a black hole. `refuse()` and `cut()` reset connections whatever else
 *   is on.
 */
export class NatsProxy {
  /** `nats://127.0.0.1:<port>`: for clients, in place of the server's. */
  readonly url: string;
  readonly port: number;
  readonly #target: NatsAddress;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #accepted = 0;
  #closed = false;
  #toServer = fine;
  #toClient = fine;

  /** Made by `kit.proxy()`. */
  static async open(url: string): Promise<NatsProxy> {
    const server = createServer({ allowHalfOpen: true });
    return new NatsProxy(server, await listenOnFreePort(server), parseNatsUrl(url));
  }

  private constructor(server: Server, port: number, target: NatsAddress) {
    this.#server = server;
    this.port = port;
    this.url = `nats://127.0.0.1:${port}`;
    this.#target = target;
    server.on("connection", (near) => this.#accept(near));
    server.on("error", () => {});
  }

  /** Connections that clients have open. */
  get connections(): number {
    return [...this.#connections].filter(({ open }) => open).length;
  }

  /** Connections that were ever accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resets every connection, on both sides; new ones are accepted. */
  cut(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Nothing listens any more (ECONNREFUSED), and every connection is reset. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.cut();
    await once(this.#server, "close");
  }

  /**
   * Swallows everything, on connections open and new, without a sign: no byte, no end, no reset comes through. What was
   * swallowed is lost: a connection on which that happened stays silent also after `heal()`, until one side gives up.
   */
  blackHole(options: BlackHoleOptions = {}): void {
    check("blackHole()", options, { direction: rule.oneOf("toServer", "toClient", "both") });
    const { direction = "both" } = options;
    if (direction !== "toClient") this.#toServer = { ...this.#toServer, swallows: true };
    if (direction !== "toServer") this.#toClient = { ...this.#toClient, swallows: true };
    this.#look();
  }

  /** Holds everything back for so many ms each way, a round trip thus for twice as long. Order is kept. */
  slow(ms: number): void {
    check("slow()", { ms }, { ms: rule.milliseconds }, [ms === undefined && "ms is missing"]);
    this.#toServer = { ...this.#toServer, latency: ms };
    this.#toClient = { ...this.#toClient, latency: ms };
    this.#look();
  }

  /** Puts bytes into what every connected client reads. Default: some that are no NATS protocol. */
  garbage(bytes: Uint8Array = garbageBytes): void {
    for (const { toClient } of this.#connections) toClient.take(bytes);
  }

  /**
   * Ends every fault. What is held back passes at once. Resolves when new connections are accepted.
   *
   * @throws TestkitError MUOVE_TESTKIT_CLOSED
   */
  async heal(): Promise<void> {
    if (this.#closed) throw new TestkitError("MUOVE_TESTKIT_CLOSED", `The path ${this.url} is closed.`);
    this.#toServer = fine;
    this.#toClient = fine;
    this.#look();
    if (!this.#server.listening) await listen(this.#server, this.port);
  }

  /** Resets every connection and stops listening, for good. The kit does it, too. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.refuse();
    this.cut();
  }

  #accept(near: Socket): void {
    this.#accepted++;
    const { host, port } = this.#target;
    const far = connect({ host, port, allowHalfOpen: true });
    const connection: Connection = new Connection(
      near,
      far,
      () => this.#toServer,
      () => this.#toClient,
      () => this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }

  #look(): void {
    for (const connection of this.#connections) connection.look();
  }
}
