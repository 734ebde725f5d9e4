import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { FrameReader } from "./frame-reader.js";
import type { NatsMessage } from "./nats-message.js";
import type { Origin } from "./publication.js";

/**
 * Takes the messages of a connection in place of the client, which keeps all other lines of the protocol
 * (docs/decisions/0013). And tells of what ends the reading: bytes that are no protocol, or a throw inside the client.
 * By itself the client prints it and reads no more, so that the connection looks open until a ping finds it stale.
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
      frames.read(bytes as Buffer); // Node's sockets give nothing else.
    } catch (error) {
      broken = true;
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  };
}
