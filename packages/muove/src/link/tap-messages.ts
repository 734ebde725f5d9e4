import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { FrameReader } from "./frame-reader.js";
import type { NatsMessage } from "./nats-message.js";
import type { Origin } from "./publication.js";

/**
 * Reads the messages of a connection instead of the client, which handles all other lines of the protocol
 * (docs/decisions/0013). It also reports what ends the reading: invalid bytes, or an error inside the client. The
 * client alone would print the error and stop reading, so that the connection looks open until a ping finds it stale.
 */
export function tapMessages(
  client: NatsConnectionImpl,
  origin: Origin,
  receive: (subscription: number, message: NatsMessage) => void,
  failed: (error: Error) => void,
): void {
  const { parser } = client.protocol;
  const parse = parser.parse.bind(parser);
  const lines = {
    parse,
    get state() {
      return parser.state;
    },
  };
  const frames = new FrameReader(origin, lines, receive);
  let broken = false;
  parser.parse = (bytes) => {
    if (broken) return;
    try {
      frames.read(bytes as Buffer); // Node's sockets deliver nothing else.
    } catch (error) {
      broken = true;
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  };
}
