import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";

/**
 * Tells of what ends the reading of a connection: bytes that are no protocol, or a throw inside the client. By itself
 * the client prints it and reads no more, so that the connection looks open until a ping finds it stale.
 */
export function guardIntake(client: NatsConnectionImpl, failed: (error: Error) => void): void {
  const { parser } = client.protocol;
  const parse = parser.parse.bind(parser);
  let broken = false;
  parser.parse = (bytes) => {
    if (broken) return;
    try {
      parse(bytes);
    } catch (error) {
      broken = true;
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  };
}
