import { connect, type NatsConnection } from "@nats-io/transport-node";

/** What was on the wire for a while. */
export interface Traffic {
  /** Messages a second, as they were published. */
  readonly messages: number;
  /** Bytes of their payloads a second. */
  readonly bytes: number;
}

/** Counts all that is published, by somebody who has nothing to do with it. */
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
