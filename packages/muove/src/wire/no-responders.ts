import type { NatsMessage } from "../link/index.js";

// docs/protocol.md, clause.

/** The exact headers that servers send: 2.9 and 2.10 only the status, 2.12 and later the subject too. */
const verdict = /^NATS\/1\.0 503\r\n(?:Nats-Subject: [^\r\n]+\r\n)?\r\n$/;

/** Whether this is the server's reply that nobody listens at the request's subject. */
export function isNoResponders(message: Pick<NatsMessage, "empty" | "headers">): boolean {
  return message.empty && verdict.test(message.headers);
}
