import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { TestkitError } from "../errors.js";
import { listen, listenOnFreePort } from "../free-port.js";
import { type NatsAddress, parseNatsUrl } from "../nats-url.js";
import { check, rule } from "../options.js";
import { Connection } from "./connection.js";
import type { Weather } from "./way.js";

/** The direction of a fault, as the client sees it. */
export type Direction = "toServer" | "toClient" | "both";

export interface BlackHoleOptions {
  /** Default "both". */
  readonly direction?: Direction;
}

/** No NATS client can parse this, at any position in the stream except inside a message. */
const garbageBytes = Buffer.from("\u0000\u0007\u00ff GARBAGE \u0000\r\n\r\nMSG \u00fe x\r\n", "latin1");

const fine: Weather = { latency: 0, swallows: false, stalls: false };

/**
 * A TCP proxy between clients and a server that simulates network faults.
 *
 * PROXY-1 Without a fault, everything passes as if there were no proxy, ends and resets included.
 * PROXY-2 A fault applies to open and new connections until `heal()`. `cut()` and `garbage()` apply only to open ones,
 *   once.
 * PROXY-3 Faults combine: a slow path can become a black hole. `refuse()` and `cut()` reset connections during any
 *   other fault.
 */
export class NatsProxy {
  /** `nats://127.0.0.1:<port>`, for clients to use instead of the server's URL. */
  readonly url: string;
  readonly port: number;
  readonly #target: NatsAddress;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #accepted = 0;
  #closed = false;
  #toServer = fine;
  #toClient = fine;

  /** Use `kit.proxy()`. */
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

  /** Open connections of clients. */
  get connections(): number {
    return [...this.#connections].filter(({ open }) => open).length;
  }

  /** All connections ever accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resets every connection on both sides. New ones are accepted. */
  cut(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Stops listening (ECONNREFUSED) and resets every connection. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.cut();
    await once(this.#server, "close");
  }

  /**
   * Silently swallows everything on open and new connections: no byte, no end and no reset gets through. Swallowed
   * bytes are lost, so an affected connection stays silent after `heal()`, until one side gives up.
   */
  blackHole(options: BlackHoleOptions = {}): void {
    check("blackHole()", options, { direction: rule.oneOf("toServer", "toClient", "both") });
    const { direction = "both" } = options;
    if (direction !== "toClient") this.#toServer = { ...this.#toServer, swallows: true };
    if (direction !== "toServer") this.#toClient = { ...this.#toClient, swallows: true };
    this.#look();
  }

  /**
   * Stops reading on open and new connections, like a peer that hangs, so that sent bytes fill the buffers of their
   * sender. Nothing is lost: `heal()` lets all of it through.
   */
  stall(): void {
    this.#toServer = { ...this.#toServer, stalls: true };
    this.#toClient = { ...this.#toClient, stalls: true };
    this.#look();
  }

  /** Delays everything by this many ms each way, so a round trip by twice as much. Order is kept. */
  slow(ms: number): void {
    check("slow()", { ms }, { ms: rule.milliseconds }, [ms === undefined && "ms is missing"]);
    this.#toServer = { ...this.#toServer, latency: ms };
    this.#toClient = { ...this.#toClient, latency: ms };
    this.#look();
  }

  /** Injects bytes into the stream to every connected client. Default: bytes that are not the NATS protocol. */
  garbage(bytes: Uint8Array = garbageBytes): void {
    for (const { toClient } of this.#connections) toClient.take(bytes);
  }

  /**
   * Ends every fault. Delayed data passes at once. Resolves when new connections are accepted.
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

  /** Resets every connection and stops listening for good. Closing the kit does this too. */
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
