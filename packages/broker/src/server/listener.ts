import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { BrokerError } from "../errors.js";

/**
 * The listening socket.
 *
 * LISTENER-1 After `close()` it accepts no more connections. Accepted ones stay open.
 */
export class Listener {
  readonly port: number;
  readonly #server: Server;
  #closed: Promise<void> | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /**
   * @param port 0 for any free port.
   * @throws BrokerError MUOVE_BROKER_PORT_IN_USE, MUOVE_BROKER_CANNOT_LISTEN.
   */
  static async open(host: string, port: number, accept: (socket: Socket) => void): Promise<Listener> {
    const server = createServer({ noDelay: true }, accept);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(explain(error, host, port)));
      server.listen({ host, port }, resolve);
    });
    server.removeAllListeners("error");
    // An error while accepting one connection (out of file descriptors) does not end the broker.
    server.on("error", () => {});
    return new Listener(server);
  }

  /** Resolves when the port is free and the last accepted connection is gone. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#server.close(() => resolve()));
    return this.#closed;
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): BrokerError {
  const where = `${host}:${port}`;
  if (error.code === "EADDRINUSE") {
    const message = `Cannot listen on ${where}: the port is in use. Stop the other process, or choose another port (0: any).`;
    return new BrokerError("MUOVE_BROKER_PORT_IN_USE", message, { cause: error });
  }
  const message = `Cannot listen on ${where} (${error.code ?? error.message}). Check the host and the port.`;
  return new BrokerError("MUOVE_BROKER_CANNOT_LISTEN", message, { cause: error });
}
