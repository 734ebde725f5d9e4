import type { NatsMessage } from "../link/index.js";

// docs/protocol.md, clause.

/** All that a server says, to the last byte: 2.9 and 2.10 only the status, from 2.12 on the subject, too. */
const verdict = /^NATS\/1\.0 503\r\n(?:Nats-Subject: [^\r\n]+\r\n)?\r\n$/;

/** Whether this is the server's word that nobody listens where a request was sent. */
export function isNoResponders(message: Pick<NatsMessage, "empty" | "headers">): boolean {
  return message.empty && verdict.test(message.headers);
}
