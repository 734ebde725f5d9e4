import type { Message } from "../link/index.js";

const verdict = /^NATS\/1\.0 +503\b/;

/** Whether this is the server's word that nobody listens where a request was sent. */
export function isNoResponders(message: Pick<Message, "empty" | "headers">): boolean {
  return message.empty && verdict.test(message.headers);
}
