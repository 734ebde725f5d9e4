import { connect, type NatsConnection } from "@nats-io/transport-node";

/** Traffic over a time. */
export interface Traffic {
  /** Published messages per second. */
  readonly messages: number;
  /** Payload bytes per second. */
  readonly bytes: number;
}

/** Counts all published messages with a separate connection. */
export class Wire {
  readonly #client: NatsConnection;
  #messages = 0;
  #bytes = 0;

  private constructor(client: NatsConnection) {
    this.#client = client;
    client.subscribe(">", {
      callback: (_, msg) => {
        this.#messages++;
        this.#bytes += msg.data.length;
      },
    });
  }

  static async tap(url: string): Promise<Wire> {
    const wire = new Wire(await connect({ servers: url }));
    await wire.#client.flush();
    return wire;
  }

  async during(seconds: number): Promise<Traffic> {
    const [messages, bytes] = [this.#messages, this.#bytes];
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    return { messages: (this.#messages - messages) / seconds, bytes: (this.#bytes - bytes) / seconds };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
